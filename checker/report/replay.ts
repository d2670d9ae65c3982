/**
 * Replays a counterexample on a spec that may have changed since: takes its steps again, and says at which one that stops
 * being possible, and why.
 *
 * A counterexample is an initial state and the names of its steps: the action, and what it picked. Where a step now leads
 * elsewhere, the replay goes on from where it leads.
 */
import { BivalentError, guardGlobals } from '../core/index.ts';
import type { TraceStep, Violation } from '../explore/index.ts';
import {
  domainElements,
  evaluate,
  listOf,
  noChoice,
  openDraft,
  stepsOf,
  successors,
  suggestion,
  watched,
  watchingGuards,
} from '../spec/index.ts';
import type { Choose, Routine, System } from '../spec/index.ts';
import { diff, equal, show, showCall, showPath, type RecordValue } from '../value/index.ts';
import { innermostFrame, Places, type CodePlace, type PlaceOptions } from './code-places.ts';
import type { SeenValue } from './explanation.ts';

/** What is replayed: what of a violation it needs. */
export interface Counterexample extends Pick<Violation, 'kind' | 'name'> {
  /** Of the steps only the names are needed; the states say where a step led then. */
  readonly trace: readonly (Omit<TraceStep, 'state'> & { readonly state?: RecordValue })[];
}

/** Why a step cannot be taken. */
export interface ImpossibleStep {
  /** Its index in the trace. */
  readonly step: number;
  /** The step as text: `rmPrepare(rm=rm2)`. */
  readonly name: string;
  /** One sentence. */
  readonly why: string;
  /** The guard that fails, where it is one of the spec's own. */
  readonly guard?: CodePlace;
  /** What the action read before. */
  readonly reads: readonly SeenValue[];
}

/** How a replay came out. */
export interface Replay {
  /**
   * `violated`: the property fails as it did, or earlier. `holds`: all steps are possible and it does not fail.
   * `impossible`: a step cannot be taken any more. `undecided`: all steps are possible, and whether the property holds of
   * such a behaviour only a check can say.
   */
  readonly result: 'violated' | 'holds' | 'impossible' | 'undecided';
  /** The behaviour as it was taken, up to the violation or to where it stopped. */
  readonly trace: readonly TraceStep[];
  readonly stopped?: ImpossibleStep;
  /** What is otherwise than it was saved: sentences. */
  readonly differences: readonly string[];
}

/** More reads are no explanation. */
const mostReads = 12;

/**
 * Replays a counterexample.
 *
 * Cost: the steps of one action in each state of the trace.
 *
 * @throws BivalentError `replay/unknown` where the spec has no such action or property: it can then say nothing; what user
 *   code throws
 */
export function replay(system: System, counterexample: Counterexample, options: PlaceOptions = {}): Replay {
  const judge = judgeOf(system, counterexample);
  for (const { action } of counterexample.trace) if (action !== null) actionNamed(system, action);
  const release = guardGlobals();
  try {
    return take(system, counterexample, judge, options);
  } finally {
    release();
  }
}

function take(system: System, { trace }: Counterexample, judge: Judge, options: PlaceOptions): Replay {
  const differences: string[] = [];
  const taken: TraceStep[] = [];
  for (const [i, { action, parameters, state: saved }] of trace.entries()) {
    const before = taken.at(-1)?.state;
    // A behaviour that stutters stays where it is.
    const step =
      before === undefined
        ? initialStep(system, saved)
        : action === null
          ? { action, parameters, state: before }
          : again(system, before, action, parameters);
    if (step === undefined) {
      const stopped = impossible(system, before!, { action: action!, parameters, index: i }, options);
      return { result: 'impossible', trace: taken, stopped, differences };
    }
    const difference = saved === undefined ? undefined : firstDifference(saved, step.state);
    if (difference !== undefined) {
      differences.push(
        i === 0 ? `the initial state is another: ${difference}` : `step ${i} leads elsewhere: ${difference}`,
      );
    }
    taken.push(step);
    if (judge(taken, i === trace.length - 1)) return { result: 'violated', trace: taken, differences };
  }
  const isJudged = judge !== undecidable;
  return { result: isJudged ? 'holds' : 'undecided', trace: taken, differences };
}

/** The initial state that was saved, or the one that is nearest to it. */
function initialStep(system: System, saved: RecordValue | undefined): TraceStep {
  const distance = (state: RecordValue): number => (saved === undefined ? 0 : diff(saved, state).length);
  const state = system.initialStates.reduce((best, other) => (distance(other) < distance(best) ? other : best));
  return { action: null, parameters: {}, state };
}

function again(system: System, before: RecordValue, action: string, parameters: RecordValue): TraceStep | undefined {
  return stepsOf(system, actionNamed(system, action), before).find((step) => equal(step.parameters, parameters));
}

function actionNamed(system: System, name: string): Routine {
  const found = system.actions.find((action) => action.name === name);
  if (found !== undefined) return found;
  const names = system.actions.map((action) => action.name);
  throw unknown(system, 'action', name, names);
}

function unknown(system: System, kind: string, name: string, names: readonly string[]): BivalentError {
  return new BivalentError(
    'replay/unknown',
    `${system.name} has no ${kind} ${name}, which the counterexample is about${suggestion(name, names)}; ${listOf('there are', 'there is none', names)}`,
  );
}

function firstDifference(saved: RecordValue, state: RecordValue): string | undefined {
  const [change] = diff(saved, state);
  if (change === undefined) return undefined;
  const place = showPath(change.path);
  if (change.kind !== 'changed') {
    return `${place} ${change.kind === 'added' ? 'now has' : 'no longer has'} ${show(change.element)}`;
  }
  const { before, after } = change;
  if (after === undefined) return `${place} is gone`;
  return before === undefined ? `${place} is new` : `${place} is ${show(after)}, not ${show(before)}`;
}

// --- whether the property fails ----------------------------------------------------------------------------------------

/** Whether the property fails at the end of a behaviour; `isLast` where that is the end of the counterexample. */
type Judge = (taken: readonly TraceStep[], isLast: boolean) => boolean;

/** Of properties of whole behaviours, a replay says only whether the behaviour is possible. */
const undecidable: Judge = () => false;

function judgeOf(system: System, { kind, name }: Counterexample): Judge {
  if (kind === 'deadlock') return (taken, isLast) => isLast && isDeadlock(system, taken.at(-1)!.state);
  if (kind !== 'invariant' && kind !== 'transition') return undecidable;
  const properties = kind === 'invariant' ? system.invariants : system.transitionInvariants;
  const property = properties.find((routine) => routine.name === name);
  if (property === undefined) {
    const all = [...system.invariants, ...system.transitionInvariants].map((routine) => routine.name);
    throw unknown(system, 'property', name, all);
  }
  return (taken) => {
    const [last, before] = [taken.at(-1)!.state, taken.at(-2)?.state];
    if (kind === 'invariant') return !evaluate(property, last).holds;
    return before !== undefined && !evaluate(property, before, last).holds;
  };
}

function isDeadlock(system: System, state: RecordValue): boolean {
  if (successors(system, state).length > 0) return false;
  return system.terminated === undefined || !evaluate(system.terminated, state).holds;
}

// --- why a step is not possible ----------------------------------------------------------------------------------------

interface NamedStep {
  readonly action: string;
  readonly parameters: RecordValue;
  readonly index: number;
}

/** Runs the action once more with what was picked, watched. */
function impossible(
  system: System,
  before: RecordValue,
  { action, parameters, index }: NamedStep,
  options: PlaceOptions,
): ImpossibleStep {
  const reads = new Map<string, string>();
  const guards = new Places(innermostFrame, 1, options);
  let refused: string | undefined;
  const choose: Choose = (name, domain) => {
    refused = refusal(name, domain, parameters);
    return refused === undefined ? parameters[name]! : noChoice;
  };
  const draft = watched(openDraft(before).draft, (path, seen) => reads.set(path, seen));
  const noteFailure = (holds: boolean): void => {
    if (!holds) guards.note();
  };
  const enabled = watchingGuards(noteFailure, () => actionNamed(system, action).run(choose, draft));
  const guard = guards.last();
  const failed = guard === undefined ? 'a condition of its messages, nodes or faults is false' : 'its guard is false';
  return {
    step: index,
    name: showCall(action, parameters),
    why: enabled ? 'it no longer picks all that was picked' : (refused ?? failed),
    ...(guard !== undefined && refused === undefined && { guard }),
    reads: [...reads].slice(-mostReads).map(([path, seen]) => ({ path, seen })),
  };
}

/** Why a choice cannot be made again. */
function refusal(name: string, domain: Iterable<unknown>, parameters: RecordValue): string | undefined {
  if (!Object.hasOwn(parameters, name)) return `it now picks ${name}, and the saved step does not say what`;
  const elements = domainElements(name, domain);
  const given = parameters[name]!;
  if (elements.some((element) => equal(element, given))) return undefined;
  const choices = elements.slice(0, 8).map(show);
  const more = elements.length > choices.length ? ', …' : '';
  return `${name} cannot be ${show(given)}: ${listOf('the choices are', 'there is nothing to choose from', choices)}${more}`;
}
