/**
 * Small edits of the log after which it can be explained further: one line dropped, duplicated, or swapped with the
 * next. Programs often log a step a moment before or after they take it, and two such moments cross.
 *
 * Only lines near the unexplained one are tried, only in a total order, and what follows is looked at for a few lines:
 * it is a hint for the reader, not a proof.
 */
import { placeOf } from '../event/index.ts';
import type { BoundEvent } from './expectation.ts';
import { TotalOrder, type LogOrder } from './log-order.ts';
import { explainedSteps, keptSizes, type Search } from './search.ts';
import type { KeyedState, StepSource } from './spec-steps.ts';
import type { Repair } from './validation.ts';

/** How many lines before the unexplained one are edited, and how many after it must then match. */
const editedBefore = Math.min(8, keptSizes - 1);
const matchedAfter = 8;
/** Where more states are possible than this, an edit is given up. */
const maxStates = 500;
const shownRepairs = 3;

/** The edits that help most, the least first. */
export function findRepairs(steps: StepSource, order: LogOrder, search: Search, deepest: number): readonly Repair[] {
  if (!(order instanceof TotalOrder)) return [];
  const from = Math.max(0, deepest - editedBefore);
  const events: BoundEvent[] = [];
  for (let i = from; i <= deepest + matchedAfter; i += 1) {
    const event = order.at(i);
    if (event !== undefined) events.push(event);
  }
  const reachesEnd = order.isEnd(from + events.length);
  const unexplained = deepest - from;
  const start = search.visitedAt(from).map(({ state }) => state);
  const repairs: Repair[] = [];
  for (const { edit, events: named, edited, place } of edits(events, unexplained)) {
    const explained = explainedCount(steps, start, edited);
    // The edit helps where at least what follows the unexplained line is explained, if only by one line.
    const matches = explained - place;
    const needed = Math.min(matchedAfter, edited.length - place);
    if (matches < needed) continue;
    repairs.push({ edit, events: named.map(({ event }) => placeOf(event)), matches, reachesEnd });
    if (repairs.length === shownRepairs) break;
  }
  return repairs;
}

interface Edit {
  readonly edit: Repair['edit'];
  readonly events: readonly BoundEvent[];
  readonly edited: readonly BoundEvent[];
  /** Where, after the edit, the line stands that follows the unexplained one. */
  readonly place: number;
}

/** Edits from the unexplained line backwards: what is near is the likely cause. */
function* edits(events: readonly BoundEvent[], unexplained: number): Generator<Edit> {
  for (let i = unexplained; i >= 0; i -= 1) {
    const event = events[i];
    const next = events[i + 1];
    if (event === undefined) continue;
    if (next !== undefined) {
      yield {
        edit: 'swap',
        events: [event, next],
        edited: events.with(i, next).with(i + 1, event),
        place: unexplained + 1,
      };
    }
    yield { edit: 'drop', events: [event], edited: events.toSpliced(i, 1), place: unexplained };
    yield { edit: 'duplicate', events: [event], edited: events.toSpliced(i, 0, event), place: unexplained + 2 };
  }
}

/** How many events can be explained one after the other. */
function explainedCount(steps: StepSource, start: readonly KeyedState[], events: readonly BoundEvent[]): number {
  let states: readonly KeyedState[] = start;
  for (const [i, { expectations }] of events.entries()) {
    const next = new Map<string, KeyedState>();
    for (const state of states) {
      for (const explained of explainedSteps(steps, state, expectations))
        next.set(explained.state.key, explained.state);
      if (next.size > maxStates) return i;
    }
    if (next.size === 0) return i;
    states = [...next.values()];
  }
  return events.length;
}
