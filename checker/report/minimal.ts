/**
 * Among the shortest counterexamples, one with the fewest faults, and of these one with the fewest messages.
 *
 * The states up to the length of the counterexample are found once more, without a look at properties, and the steps from
 * each level to the next are a graph without cycles. In it the cheapest way from an initial state to a state that breaks
 * the property is found exactly: first by the number of faults, over all steps; then, over those steps alone that lie on a
 * way with the fewest faults, by the number of messages that are put in flight. The counterexample that was found is kept
 * where no other is better. Specs with a constraint are left alone: properties are judged beyond it, too.
 *
 * Cost: twice the steps of all states above the last level; O(messages in flight) for each state on a way with the fewest
 * faults.
 */
import { guardGlobals } from '../core/index.ts';
import {
  failingReads,
  startSearch,
  Steps,
  type SearchRun,
  type StepGraph,
  type TraceStep,
  type Violation,
} from '../explore/index.ts';
import { evaluate, successors, type System } from '../spec/index.ts';
import { equal, type RecordValue } from '../value/index.ts';
import { isProtocolState, messagesPutInFlight } from './space-time.ts';

/** What counterexamples of one length can be compared by. */
export type Compared = 'faults and messages' | 'faults' | 'nothing';

/** What is known of the counterexamples that are as short. */
export interface Minimised {
  /** With the fewest faults, then messages; the one that was given where none is better. */
  readonly violation: Violation;
  /** By what it was compared with all that are as short; `nothing` where others were not looked at. */
  readonly compared: Compared;
}

/** More states are not searched again. */
const mostStates = 300_000;
/** Of more states on the way the messages are not compared. */
const mostCompared = 20_000;
/** States between two pauses. */
const atOnce = 2048;

/**
 * Looks for a better counterexample of the same length. It pauses now and then, so that its caller can end it: what was
 * given stays true.
 *
 * @param violation - of an invariant or a deadlock, with a shortest counterexample; others are given back
 * @throws BivalentError where user code fails
 */
export function* minimise(system: System, violation: Violation): Generator<void, Minimised> {
  const { kind, trace, loopsTo } = violation;
  const asFound: Minimised = { violation, compared: 'nothing' };
  if ((kind !== 'invariant' && kind !== 'deadlock') || loopsTo !== undefined) return asFound;
  // Properties are judged beyond a constraint too, and the states there are not among those that are found again.
  if (system.constraint !== undefined || system.actionConstraint !== undefined) return asFound;
  const comparesMessages = isProtocolState(trace[0]!.state, system.constants);
  if (system.faults.length === 0 && !comparesMessages) return asFound;
  const search = searchAgain(system, violation);
  while (!search.advance(50)) yield;
  const { result, reason = '' } = search.result('');
  if (result === 'incomplete' && !reason.includes('--max-depth')) return asFound;
  const release = guardGlobals();
  try {
    return yield* new Levels(system, violation, search.graph(new Set())).cheapest(comparesMessages);
  } finally {
    release();
  }
}

/**
 * Finds the states up to the length of the counterexample; the property that it breaks becomes a predicate. A deadlock is
 * seen only where a state is expanded: then the states are a step farther.
 */
function searchAgain(system: System, { kind, name, trace }: Violation): SearchRun {
  const property = kind === 'invariant' ? system.invariants.filter((invariant) => invariant.name === name) : [];
  const unjudged: System = {
    ...system,
    predicates: property,
    invariants: [],
    transitionInvariants: [],
    temporal: [],
    fairness: [],
    reachable: [],
    refinements: [],
    checksDeadlock: false,
  };
  const maxDepth = kind === 'deadlock' ? trace.length + 1 : trace.length;
  return startSearch(unjudged, { audit: 'none', limits: { maxDepth, maxStates: mostStates } });
}

/** The states by levels, and the steps from each level to the next. */
class Levels {
  readonly #system: System;
  readonly #found: Violation;
  readonly #graph: StepGraph;
  readonly #last: number;
  /** Levels from 1. */
  readonly #level: Uint32Array;
  readonly #faults: Uint32Array;
  readonly #steps = new Steps();
  readonly #isFault = new Map<number, number>();

  constructor(system: System, found: Violation, graph: StepGraph) {
    this.#system = system;
    this.#found = found;
    this.#graph = graph;
    this.#last = found.trace.length;
    this.#level = new Uint32Array(graph.count);
    this.#faults = new Uint32Array(graph.count).fill(never);
  }

  *cheapest(comparesMessages: boolean): Generator<void, Minimised> {
    const { trace } = this.#found;
    yield* this.#countFaults();
    const ends = this.#ends();
    const fewest = Math.min(...ends.map((end) => this.#faults[end]!));
    const own = trace.filter(({ action }) => action !== null && this.#system.faults.includes(action)).length;
    // The search again has not found what the check did: nothing is known.
    if (ends.length === 0 || fewest > own) return { violation: this.#found, compared: 'nothing' };
    const goals = ends.filter((end) => this.#faults[end] === fewest);
    const onWay = yield* this.#onWays(goals);
    const isComparable = comparesMessages && onWay.length <= mostCompared;
    const path = isComparable ? yield* this.#fewestMessages(onWay, goals) : this.#anyWay(onWay, goals);
    const better = this.#traceOf(path.states);
    const isBetter = fewest < own || (isComparable && path.messages < messagesOf(trace));
    return {
      violation: isBetter ? this.#violationOf(better) : this.#found,
      compared: isComparable ? 'faults and messages' : 'faults',
    };
  }

  /** The fewest faults on a shortest way to each state. */
  *#countFaults(): Generator<void, void> {
    const { count, initialCount } = this.#graph;
    for (let state = 0; state < count; state++) {
      if (state % atOnce === 0) yield;
      const parent = this.#graph.parentOf(state);
      this.#level[state] = parent < 0 ? 1 : this.#level[parent]! + 1;
      if (state < initialCount && parent < 0) this.#faults[state] = 0;
    }
    for (let state = 0; state < count && this.#level[state]! < this.#last; state++) {
      if (state % atOnce === 0) yield;
      this.#eachStep(state, (target, faults) => {
        this.#faults[target] = Math.min(this.#faults[target]!, this.#faults[state]! + faults);
      });
    }
  }

  /** Calls back for each step to the next level. */
  #eachStep(state: number, visit: (target: number, faults: number) => void): void {
    const steps = this.#steps;
    this.#graph.steps(state, steps, 'any');
    const next = this.#level[state]! + 1;
    for (let k = 0; k < steps.count; k++) {
      const target = steps.targets[k]!;
      if (target >= 0 && this.#level[target] === next) visit(target, this.#faultsOf(steps.labels[k]!));
    }
  }

  #faultsOf(label: number): number {
    let faults = this.#isFault.get(label);
    if (faults === undefined) {
      faults = this.#system.faults.includes(this.#graph.stepAt(label).action) ? 1 : 0;
      this.#isFault.set(label, faults);
    }
    return faults;
  }

  /** The states at the end of the counterexamples of that length. */
  #ends(): readonly number[] {
    const ends: number[] = [];
    for (let state = this.#graph.count - 1; state >= 0 && this.#level[state]! >= this.#last; state--) {
      if (this.#level[state] === this.#last && this.#fails(state)) ends.push(state);
    }
    return ends.reverse();
  }

  #fails(state: number): boolean {
    if (this.#found.kind === 'invariant') return this.#graph.letter([0], state) === 0;
    this.#graph.steps(state, this.#steps, 'any');
    if (this.#steps.count > 0) return false;
    const { terminated } = this.#system;
    const value = this.#graph.stateAt(state);
    return (
      successors(this.#system, value).length === 0 && (terminated === undefined || !evaluate(terminated, value).holds)
    );
  }

  /** The states on a way to a goal with the fewest faults, in the order of their numbers. */
  *#onWays(goals: readonly number[]): Generator<void, readonly number[]> {
    const on = new Uint8Array(this.#graph.count);
    for (const goal of goals) on[goal] = 1;
    for (let state = this.#graph.count - 1; state >= 0; state--) {
      if (state % atOnce === 0) yield;
      if (this.#level[state]! >= this.#last) continue;
      this.#eachStep(state, (target, faults) => {
        if (on[target] === 1 && this.#isTight(state, target, faults)) on[state] = 1;
      });
    }
    return [...on.keys()].filter((state) => on[state] === 1);
  }

  #isTight(state: number, target: number, faults: number): boolean {
    return this.#faults[state]! + faults === this.#faults[target];
  }

  /** Of the ways with the fewest faults one on which the fewest messages are put in flight. */
  *#fewestMessages(onWay: readonly number[], goals: readonly number[]): Generator<void, Way> {
    const ways = new Map<number, { readonly messages: number; readonly from: number }>();
    const on = new Set(onWay);
    for (const state of onWay) {
      if (this.#level[state] === 1) ways.set(state, { messages: 0, from: -1 });
      const way = ways.get(state);
      if (this.#level[state]! >= this.#last || way === undefined) continue;
      yield;
      const before = this.#graph.stateAt(state);
      const targets = new Set<number>();
      this.#eachStep(state, (target, faults) => {
        if (on.has(target) && this.#isTight(state, target, faults)) targets.add(target);
      });
      for (const target of targets) {
        const messages = way.messages + messagesPutInFlight(before, this.#graph.stateAt(target));
        if (messages < (ways.get(target)?.messages ?? never)) ways.set(target, { messages, from: state });
      }
    }
    const [end] = goals.toSorted((a, b) => ways.get(a)!.messages - ways.get(b)!.messages || a - b);
    const states: number[] = [];
    for (let state = end!; state >= 0; state = ways.get(state)!.from) states.unshift(state);
    return { states, messages: ways.get(end!)!.messages };
  }

  /** Any way with the fewest faults: that through the states with the least numbers. */
  #anyWay(onWay: readonly number[], goals: readonly number[]): Way {
    const on = new Set(onWay);
    const states = [onWay.find((state) => this.#level[state] === 1)!];
    while (!goals.includes(states.at(-1)!)) {
      const state = states.at(-1)!;
      let next = never;
      this.#eachStep(state, (target, faults) => {
        if (on.has(target) && this.#isTight(state, target, faults)) next = Math.min(next, target);
      });
      states.push(next);
    }
    return { states, messages: never };
  }

  /** The steps between states, taken by the reference semantics: of several to one state one that is no fault. */
  #traceOf(path: readonly number[]): readonly TraceStep[] {
    const states = path.map((state) => this.#graph.stateAt(state));
    return states.map((state, i) => {
      if (i === 0) return { action: null, parameters: {}, state };
      const possible = successors(this.#system, states[i - 1]!).filter((step) => equal(step.state, state));
      return possible.find(({ action }) => !this.#system.faults.includes(action)) ?? possible[0]!;
    });
  }

  #violationOf(trace: readonly TraceStep[]): Violation {
    const { kind, name } = this.#found;
    const property = this.#system.invariants.find((invariant) => invariant.name === name);
    const parameters = property === undefined ? {} : evaluate(property, trace.at(-1)!.state).parameters;
    const violation = { kind, name, parameters, trace };
    return { ...violation, read: failingReads(this.#system, violation) };
  }
}

const never = 0xffff_ffff;

/** States from an initial one to a goal, and the messages put in flight between them. */
interface Way {
  readonly states: readonly number[];
  readonly messages: number;
}

function messagesOf(trace: readonly TraceStep[]): number {
  const states: readonly RecordValue[] = trace.map(({ state }) => state);
  return states.slice(1).reduce((sum, state, i) => sum + messagesPutInFlight(states[i]!, state), 0);
}
