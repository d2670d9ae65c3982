/**
 * Where a reader is: which state of the behaviour is shown, and which steps of their own they took after leaving it.
 *
 * A session is a value, and an address: the part of a page's address after `#` says all of it, so that it can be sent to a
 * colleague, who sees the same state of the same behaviour.
 */
import type { TraceStep } from '../../explore/index.ts';
import { equal } from '../../value/index.ts';
import type { Choice, Explorer } from './explorer.ts';

/** Steps of the reader's own. */
export interface Excursion {
  /** The state of the behaviour from which they left it. */
  readonly leftAt: number;
  /** What they chose, as {@link Choice.index}. */
  readonly chosen: readonly number[];
  /** The steps that they took. */
  readonly steps: readonly TraceStep[];
}

/** What a reader looks at. */
export interface Session {
  /** The behaviour of the report; of a result without one, an initial state. */
  readonly behaviour: readonly TraceStep[];
  /** The state that is shown, as its number in {@link traceOf}. */
  readonly selected: number;
  readonly excursion?: Excursion;
}

/** The states that the reader sees: of the behaviour up to where they left it, and then their own. */
export function traceOf({ behaviour, excursion }: Session): readonly TraceStep[] {
  return excursion === undefined ? behaviour : [...behaviour.slice(0, excursion.leftAt + 1), ...excursion.steps];
}

/** Shows a state; the nearest that there is. */
export function select(session: Session, state: number): Session {
  const last = traceOf(session).length - 1;
  return { ...session, selected: Math.max(0, Math.min(last, state)) };
}

/** Takes a step from the state that is shown. What the behaviour does next anyway is no way out of it. */
export function take(session: Session, choice: Choice): Session {
  const { behaviour, selected, excursion } = session;
  const next = traceOf(session)[selected + 1];
  const isNext = next !== undefined && next.action === choice.action && equal(next.parameters, choice.parameters);
  if (isNext && equal(next.state, choice.state)) return select(session, selected + 1);
  const leftAt = excursion === undefined ? selected : Math.min(selected, excursion.leftAt);
  const kept = selected - leftAt;
  const { action, parameters, state } = choice;
  return {
    behaviour,
    selected: selected + 1,
    excursion: {
      leftAt,
      chosen: [...(excursion?.chosen.slice(0, kept) ?? []), choice.index],
      steps: [...(excursion?.steps.slice(0, kept) ?? []), { action, parameters, state }],
    },
  };
}

/** Takes back the last step of the reader's own; the first of them back to the behaviour. */
export function undo(session: Session): Session {
  const { behaviour, excursion } = session;
  if (excursion === undefined) return session;
  const { leftAt, chosen, steps } = excursion;
  if (steps.length <= 1) return { behaviour, selected: leftAt };
  const shorter = { ...session, excursion: { leftAt, chosen: chosen.slice(0, -1), steps: steps.slice(0, -1) } };
  return select(shorter, leftAt + steps.length - 1);
}

/** Comes back to the behaviour, to the state from which the reader left it. */
export function comeBack({ behaviour, selected, excursion }: Session): Session {
  return { behaviour, selected: excursion === undefined ? selected : Math.min(selected, excursion.leftAt) };
}

/** The session as the end of an address: `#step=9&left=5&took=3.0.1`. */
export function addressOf({ selected, excursion }: Session): string {
  const left = excursion === undefined ? '' : `&left=${excursion.leftAt}&took=${excursion.chosen.join('.')}`;
  return `#step=${selected}${left}`;
}

/**
 * The session that an address names: as far as it can be gone, where the spec is not there or has changed.
 *
 * @param explorer - absent where there is no spec to take steps of one's own with
 */
export function sessionAt(behaviour: readonly TraceStep[], address: string, explorer?: Explorer): Session {
  const parts = new URLSearchParams(address.replace(/^#/, ''));
  const left = countIn(parts.get('left'));
  let session: Session = { behaviour, selected: 0 };
  if (left !== undefined && explorer !== undefined && left < behaviour.length) {
    session = select(session, left);
    for (const text of (parts.get('took') ?? '').split('.')) {
      const choice = choiceAt(explorer, session, countIn(text));
      if (choice === undefined) break;
      session = take(session, choice);
    }
  }
  return select(session, countIn(parts.get('step')) ?? 0);
}

function choiceAt(explorer: Explorer, session: Session, index: number | undefined): Choice | undefined {
  if (index === undefined) return undefined;
  const answer = explorer.choicesIn(traceOf(session)[session.selected]!.state);
  return 'found' in answer ? answer.found[index] : undefined;
}

function countIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
