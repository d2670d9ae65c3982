/**
 * The whole state graph of a small system: every state and every step, those that checks only count included.
 *
 * It is found by the reference semantics, state by state, level by level, and held in memory as objects: for pictures,
 * not for checking. Unlike a check it does not end at a violation, so that a picture shows what lies around one.
 */
import { BivalentError, guardGlobals } from '../core/index.ts';
import { evaluate, successors, type Routine, type Step, type System } from '../spec/index.ts';
import { show, type RecordValue } from '../value/index.ts';
import { isWithin, judgeStuck } from './judge.ts';

/** A state of the graph. */
export interface GraphState {
  readonly state: RecordValue;
  /** The number of states on a shortest path to it: the initial states have level 1. */
  readonly level: number;
  /** The invariants that it breaks, in the order of the spec, and `deadlock`. */
  readonly broken: readonly string[];
  /** Whether a constraint of the spec keeps a check from leaving it: such states are not counted as distinct. */
  readonly isBeyond: boolean;
}

/** A step of the graph: states are named by their index. */
export interface GraphStep {
  readonly from: number;
  readonly to: number;
  readonly action: string;
  readonly parameters: RecordValue;
  /** The transition invariants that it breaks, in the order of the spec. */
  readonly broken: readonly string[];
  /** Whether a constraint of the spec keeps a check from following it. */
  readonly isBeyond: boolean;
}

/** States in order of discovery, and steps in the order of the states that they leave. */
export interface StateGraph {
  readonly spec: string;
  /** The names of the actions, in the order of the spec. */
  readonly actions: readonly string[];
  readonly states: readonly GraphState[];
  readonly steps: readonly GraphStep[];
}

/**
 * Explores the state graph; pauses after each state that it expands, so that its caller can end user code that does not
 * return.
 *
 * @param maxStates - how many states it may have, those beyond a constraint included
 * @returns when it is done, the graph
 * @throws BivalentError `limit/state-graph` where there are more, or whatever user code throws
 *
 * Cost: O(generated) calls of user code.
 */
export function* exploreStateGraph(system: System, maxStates: number): Generator<void, StateGraph> {
  const exploration = new Exploration(system, maxStates);
  while (exploration.expandNext()) yield;
  const { name: spec, actions } = system;
  return { spec, actions: actions.map(({ name }) => name), ...exploration.finish() };
}

/** A step that was not followed: its state may yet be reached by another. */
interface Refused extends Step {
  readonly from: number;
}

class Exploration {
  readonly #system: System;
  readonly #maxStates: number;
  readonly #states: GraphState[] = [];
  readonly #steps: GraphStep[] = [];
  readonly #refused: Refused[] = [];
  readonly #indices = new Map<string, number>();
  #expanded = 0;

  constructor(system: System, maxStates: number) {
    this.#system = system;
    this.#maxStates = maxStates;
    this.#guarded(() => {
      const beyond = system.initialStates.filter((state) => !isWithin(system, undefined, state));
      for (const state of system.initialStates) if (!beyond.includes(state)) this.#indexOf(state, 1, false);
      for (const state of beyond) this.#indexOf(state, 1, true);
    });
  }

  /** Follows the steps of the next state; returns whether there was one. */
  expandNext(): boolean {
    const from = this.#expanded;
    if (from === this.#states.length) return false;
    this.#expanded += 1;
    if (!this.#states[from]!.isBeyond) this.#guarded(() => this.#expand(from));
    return true;
  }

  #expand(from: number): void {
    const { state, level, broken } = this.#states[from]!;
    const steps = successors(this.#system, state);
    const stuck = steps.length === 0 ? judgeStuck(this.#system, state) : undefined;
    if (stuck !== undefined) this.#states[from] = { ...this.#states[from]!, broken: [...broken, stuck.name] };
    for (const step of steps) {
      if (!isWithin(this.#system, state, step.state)) this.#refused.push({ ...step, from });
      else this.#addStep(step, from, this.#indexOf(step.state, level + 1, false), false);
    }
  }

  /** Adds the steps that were not followed, with the states that nothing else leads to. */
  finish(): Pick<StateGraph, 'states' | 'steps'> {
    this.#guarded(() => {
      for (const { from, ...step } of this.#refused) {
        this.#addStep(step, from, this.#indexOf(step.state, this.#states[from]!.level + 1, true), true);
      }
    });
    return { states: this.#states, steps: this.#steps.sort((a, b) => a.from - b.from) };
  }

  #addStep({ action, parameters, state }: Step, from: number, to: number, isBeyond: boolean): void {
    const broken = brokenBy(this.#system.transitionInvariants, this.#states[from]!.state, state);
    this.#steps.push({ from, to, action, parameters, broken, isBeyond });
  }

  /** The index of a state, which is added where it is new. */
  #indexOf(state: RecordValue, level: number, isBeyond: boolean): number {
    const key = show(state);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = this.#states.length;
    if (index === this.#maxStates) throw tooLarge(this.#system, this.#maxStates);
    this.#indices.set(key, index);
    this.#states.push({ state, level, broken: brokenBy(this.#system.invariants, state), isBeyond });
    return index;
  }

  #guarded(explore: () => void): void {
    const release = guardGlobals();
    try {
      explore();
    } finally {
      release();
    }
  }
}

function brokenBy(properties: readonly Routine[], state: RecordValue, after?: RecordValue): readonly string[] {
  return properties.filter((property) => !evaluate(property, state, after).holds).map(({ name }) => name);
}

function tooLarge({ name }: System, maxStates: number): BivalentError {
  return new BivalentError(
    'limit/state-graph',
    `the state graph of ${name} has more than ${maxStates.toLocaleString('en-US')} states`,
  );
}
