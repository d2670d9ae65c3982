/**
 * The steps of a spec from learned transitions: user code runs once for each different thing that it reads.
 *
 * What is learned of a long log would grow with it. When it has become large it is dropped, and learned again as far as
 * it is still needed. A state of before is then brought along by its value; its key is another one, so that the search may
 * come to it twice, which costs time and changes no verdict.
 */
import { PickedSteps, ShapeChanged, type PickRules } from '../../checker/transition/index.ts';
import type { System } from '../../checker/spec/index.ts';
import { showCall, type RecordValue } from '../../checker/value/index.ts';
import { Test } from './observation.ts';
import { isExact, type GivenPicks, type KeyedState, type KeyedStep, type StepSource } from './spec-steps.ts';

/** What may be learned before it is dropped. */
const mostBytes = 64 * 2 ** 20;
/** States with their values, and steps by state, action and picks, are remembered until there are as many as this. */
const mostStates = 20_000;
const mostRemembered = 20_000;

/** A state as numbers of what learned it; its value is put together when it is asked for. */
class LearnedState implements KeyedState {
  readonly key: string;
  readonly ids: Int32Array;
  readonly by: PickedSteps;
  #value: RecordValue | undefined;

  constructor(key: string, ids: Int32Array, by: PickedSteps) {
    this.key = key;
    this.ids = ids;
    this.by = by;
  }

  get value(): RecordValue {
    return (this.#value ??= this.by.decode(this.ids));
  }
}

/** The steps of a system by learned transitions. Constraints of the spec bound its checking only: they are not asked. */
export class LearnedSteps implements StepSource {
  readonly actions: readonly string[];
  readonly initialStates: readonly KeyedState[];
  readonly #system: System;
  readonly #mostLearned: number;
  readonly #leaves = new Set<string>();
  #steps: PickedSteps;
  #generation = 0;
  #states = new Map<string, LearnedState>();
  readonly #remembered = new Map<string, readonly KeyedStep[]>();

  /**
   * @param mostLearned - bytes of what is learned after which it is dropped; what a test makes small
   */
  constructor(system: System, mostLearned = mostBytes) {
    this.#system = system;
    this.#mostLearned = mostLearned;
    this.actions = system.actions.map(({ name }) => name);
    this.#steps = new PickedSteps(system, this.#leaves);
    this.initialStates = system.initialStates.map((state) =>
      this.#shaped(() => this.#state(this.#steps.encode(state))),
    );
  }

  stepsOf(state: KeyedState, action: string, picks: GivenPicks): readonly KeyedStep[] {
    const question = isExact(picks) ? `${showCall(action, picks)}\n${state.key}` : undefined;
    const known = question === undefined ? undefined : this.#remembered.get(question);
    if (known !== undefined) return known;
    if (this.#steps.bytes > this.#mostLearned) this.#begin();
    const steps = this.#shaped(() =>
      this.#steps.stepsOf(this.#idsOf(state as LearnedState), action, rulesOf(picks)).map(({ parameters, ids }) => {
        return { action, parameters, to: this.#state(ids) };
      }),
    );
    if (question === undefined) return steps;
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(question, steps);
    return steps;
  }

  #idsOf(state: LearnedState): Int32Array {
    return state.by === this.#steps ? state.ids : this.#steps.encode(state.value);
  }

  #state(ids: Int32Array): LearnedState {
    const key = `${this.#generation} ${textOf(ids)}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = new LearnedState(key, ids, this.#steps);
    if (this.#states.size >= mostStates) this.#states.clear();
    this.#states.set(key, state);
    return state;
  }

  /** Works on learned transitions, which are learned anew where a record turns out to have more than one shape. */
  #shaped<T>(work: () => T): T {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof ShapeChanged)) throw error;
        this.#leaves.add(error.path);
        this.#begin();
      }
    }
  }

  #begin(): void {
    this.#steps = new PickedSteps(this.#system, this.#leaves);
    this.#generation += 1;
    this.#states = new Map();
    this.#remembered.clear();
  }
}

function rulesOf(picks: GivenPicks): PickRules {
  return Object.fromEntries(
    Object.entries(picks).map(([name, given]) => [
      name,
      given instanceof Test ? { passes: (element: unknown) => given.passes(element as never) } : { value: given },
    ]),
  );
}

/** Numbers as text, two characters each: different numbers give different texts. */
function textOf(ids: Int32Array): string {
  const units = new Uint16Array(ids.buffer, ids.byteOffset, 2 * ids.length);
  let text = '';
  // As many at a time as a call may have arguments.
  for (let i = 0; i < units.length; i += 4096) text += String.fromCharCode(...units.subarray(i, i + 4096));
  return text;
}
