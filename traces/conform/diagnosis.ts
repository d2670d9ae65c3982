/** Why nothing explains an event: the actions that come nearest, and what stands against each. */
import type { System } from '../../checker/spec/index.ts';
import { showCall } from '../../checker/value/index.ts';
import { placeOf } from '../event/index.ts';
import { attempt } from './attempt.ts';
import type { BoundEvent, Expectation } from './expectation.ts';
import type { LogOrder } from './log-order.ts';
import { mismatches, passesAll } from './observation.ts';
import { findRepairs } from './repair.ts';
import { afterChecks, type Search } from './search.ts';
import { exactOf, type KeyedState, type StepSource } from './spec-steps.ts';
import type { Candidate, Diagnosis, UnexplainedEvent } from './validation.ts';

/** How many of the possible states are looked at, and how many are shown. */
const examinedStates = 50;
const shownStates = 3;
const shownCandidates = 4;
const shownSteps = 8;

/** Explains where a search that found nothing came to its end. */
export function diagnose(
  system: System,
  steps: StepSource,
  order: LogOrder,
  search: Search,
  deepest: number,
): Diagnosis {
  const nodes = search.visitedAt(deepest);
  const states = [...new Map(nodes.map(({ state }) => [state.key, state])).values()];
  const blocked = new Map<BoundEvent, KeyedState[]>();
  for (const node of nodes.slice(0, examinedStates)) {
    for (const { bound } of order.ready(node.cut)) blocked.set(bound, [...(blocked.get(bound) ?? []), node.state]);
  }
  return {
    unexplained: [...blocked].map(([bound, from]) => unexplained(system, steps, bound, from)),
    possibleStates: states.length,
    states: states.slice(0, shownStates).map((state) => state.value),
    allowed: allowedSteps(steps, states.slice(0, examinedStates)),
    repairs: findRepairs(steps, order, search, deepest),
  };
}

function unexplained(
  system: System,
  steps: StepSource,
  bound: BoundEvent,
  states: readonly KeyedState[],
): UnexplainedEvent {
  const { file, line, raw } = bound.event;
  const found = states.flatMap((state) =>
    bound.expectations.flatMap((expectation) => candidatesIn(system, steps, state, expectation)),
  );
  return { file, line, raw, candidates: nearestOf(found) };
}

function candidatesIn(
  system: System,
  steps: StepSource,
  state: KeyedState,
  expectation: Expectation,
): readonly Candidate[] {
  const { before, actions, picks } = expectation;
  const exact = exactOf(picks);
  const nothing = { parameters: exact, reads: [], states: 1 };
  if (!passesAll(before, state.value)) {
    const [action = '(no step)'] = actions;
    return [{ ...nothing, action, mismatches: mismatches(before, state.value), when: 'before' }];
  }
  const after = afterChecks(expectation, state.value);
  if (actions.length === 0) {
    return [{ ...nothing, action: '(no step)', mismatches: mismatches(after, state.value), when: 'after' }];
  }
  return actions.flatMap((action): readonly Candidate[] => {
    const taken = steps.stepsOf(state, action, picks);
    if (taken.length > 0) {
      return taken.map(({ parameters, to }) => {
        return { ...nothing, action, parameters, mismatches: mismatches(after, to.value), when: 'after' };
      });
    }
    const routine = system.actions.find(({ name }) => name === action);
    if (routine === undefined) return [];
    const { parameters, reads, guard, pick } = attempt(routine, state.value, picks);
    return [
      {
        action,
        parameters: { ...parameters, ...exact },
        mismatches: [],
        reads,
        states: 1,
        ...(guard !== undefined && { guard }),
        ...(pick !== undefined && { pick }),
      },
    ];
  });
}

/**
 * The different candidates, the nearest first: enabled ones by how little disagrees, then those that read most. Of each
 * action the nearest comes before the others of any.
 */
function nearestOf(candidates: readonly Candidate[]): readonly Candidate[] {
  const different = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { action, parameters, mismatches: failed, guard, reads } = candidate;
    const disagreement = failed.map((mismatch) => Object.values(mismatch).join(' ')).join(';');
    const key = `${showCall(action, parameters)} ${disagreement} ${guard?.line ?? ''} ${reads.map((r) => r.path + r.seen).join()}`;
    const known = different.get(key);
    different.set(key, known === undefined ? candidate : { ...known, states: known.states + 1 });
  }
  const sorted = [...different.values()].sort((a, b) => distance(a) - distance(b));
  const isNearest = (candidate: Candidate): boolean =>
    sorted.find(({ action }) => action === candidate.action) === candidate;
  const nearest = sorted.filter(isNearest);
  return [...nearest, ...sorted.filter((candidate) => !nearest.includes(candidate))].slice(0, shownCandidates);
}

function distance({ when, mismatches: failed, pick, reads }: Candidate): number {
  if (when === 'after') return failed.length;
  if (when === 'before') return 1000 + failed.length;
  return pick === undefined ? 100_000 - reads.length : 200_000;
}

/** Steps that the spec allows from the states, as text; those of most states first. */
function allowedSteps(steps: StepSource, states: readonly KeyedState[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const state of states) {
    for (const action of steps.actions) {
      for (const { parameters } of steps.stepsOf(state, action, {})) {
        const text = showCall(action, parameters);
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, shownSteps)
    .map(([text]) => text);
}

/** The place of an event that is bound: `file:line`. */
export function boundPlace(bound: BoundEvent): string {
  return placeOf(bound.event);
}
