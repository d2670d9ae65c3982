/** Going through a behaviour of which not every step is listed. */
import type { Behaviour } from '../report.ts';
import { select, type Session } from './session.ts';

/** What the reader wants to see of a behaviour. */
export interface View {
  readonly query: string;
  /** Whether steps that the query does not find are left out. */
  readonly onlyFound: boolean;
  /** Nodes that are left out. */
  readonly hidden: ReadonlySet<string>;
}

/**
 * The numbers of the steps that are listed: where nodes are hidden, those of others, and those that deal with messages from
 * or to others.
 *
 * @param hits - the steps that the query finds; `undefined` where there is none
 */
export function shownSteps(
  { steps, messages }: Behaviour,
  view: View,
  hits: ReadonlySet<number> | undefined,
): readonly number[] {
  const { hidden, onlyFound } = view;
  return steps.flatMap(({ index, lane, sent, received, lost }) => {
    if (onlyFound && hits !== undefined && !hits.has(index)) return [];
    if (hidden.size === 0 || index === 0 || lane === undefined || !hidden.has(lane)) return [index];
    const concernsOthers = [...sent, ...received, ...lost].some((message) => {
      const { from, to } = messages[message]!;
      return !hidden.has(from) || !hidden.has(to);
    });
    return concernsOthers ? [index] : [];
  });
}

/** Moves along the steps that are listed; from the end of a lasso on to where its loop begins. */
export function moved(session: Session, by: number, shown: readonly number[], loopsTo: number | undefined): Session {
  const { selected } = session;
  const last = shown.at(-1);
  if (by === 1 && loopsTo !== undefined && selected === last) return select(session, loopsTo);
  const position = shown.findIndex((step) => step >= selected);
  const from = position === -1 ? shown.length : position;
  const isListed = shown[from] === selected;
  const target = from + by + (by > 0 && !isListed ? -1 : 0);
  return select(session, shown[Math.max(0, Math.min(shown.length - 1, target))] ?? selected);
}

/** The next step that is found, in one direction or the other, and round from the last to the first. */
export function nextHit(hits: ReadonlySet<number> | undefined, from: number, direction: 1 | -1): number | undefined {
  const inOrder = [...(hits ?? [])].sort((a, b) => direction * (a - b));
  return inOrder.find((hit) => direction * (hit - from) > 0) ?? inOrder[0];
}
