/**
 * The steps of a spec, as the search needs them: of one action, with some of its picks given, from one state.
 *
 * This is the reference semantics behind a small interface; `learned-steps.ts` has the one that is used.
 */
import { Choices, domainElements, noChoice, openDraft } from '../../checker/spec/index.ts';
import type { Choose, Routine, System } from '../../checker/spec/index.ts';
import { compare, encode, showCall } from '../../checker/value/index.ts';
import type { RecordValue, Value } from '../../checker/value/index.ts';
import { Test } from './observation.ts';

/** A state with the key by which equal states are known. */
export interface KeyedState {
  readonly key: string;
  readonly value: RecordValue;
}

/** What a log says of the picks of an action, by their names: their values, or tests that they pass. */
export type GivenPicks = Readonly<Record<string, Value | Test>>;

/** A step to a state. */
export interface KeyedStep {
  readonly action: string;
  readonly parameters: RecordValue;
  readonly to: KeyedState;
}

/** What the search knows of a spec. */
export interface StepSource {
  readonly actions: readonly string[];
  readonly initialStates: readonly KeyedState[];
  /**
   * The steps of an action from a state.
   *
   * @param picks - picks that are given; the others range over their domains. A given one outside its domain gives no
   *   steps
   */
  stepsOf(state: KeyedState, action: string, picks: GivenPicks): readonly KeyedStep[];
}

/** Steps are remembered by state, action and picks; the memory is dropped when it holds as many as this. */
const rememberedSteps = 100_000;

/** The steps of a system by the reference semantics. Constraints of the spec bound its checking only: they are not asked. */
export class ReferenceSteps implements StepSource {
  readonly actions: readonly string[];
  readonly initialStates: readonly KeyedState[];
  readonly #system: System;
  readonly #routines: ReadonlyMap<string, Routine>;
  readonly #remembered = new Map<string, readonly KeyedStep[]>();

  constructor(system: System) {
    this.#system = system;
    this.#routines = new Map(system.actions.map((action) => [action.name, action]));
    this.actions = system.actions.map((action) => action.name);
    this.initialStates = system.initialStates.map(keyed);
  }

  stepsOf(state: KeyedState, action: string, picks: GivenPicks): readonly KeyedStep[] {
    const question = isExact(picks) ? `${showCall(action, picks)}\n${state.key}` : undefined;
    const known = question === undefined ? undefined : this.#remembered.get(question);
    if (known !== undefined) return known;
    const routine = this.#routines.get(action);
    const steps = routine === undefined ? [] : runSteps(this.#system, routine, state.value, picks);
    if (question === undefined) return steps;
    if (this.#remembered.size >= rememberedSteps) this.#remembered.clear();
    this.#remembered.set(question, steps);
    return steps;
  }
}

function runSteps(system: System, routine: Routine, state: RecordValue, picks: GivenPicks): readonly KeyedStep[] {
  const steps: KeyedStep[] = [];
  const choices = new Choices();
  const parameters: Record<string, Value> = {};
  const choose = givenFirst(picks, choices, parameters);
  do {
    for (const name of Object.keys(parameters)) delete parameters[name];
    const opened = openDraft(state);
    if (!routine.run(choose, opened.draft)) continue;
    const to = keyed(afterEach(system, state, opened.finish() as RecordValue));
    steps.push({ action: routine.name, parameters: Object.freeze({ ...parameters }), to });
  } while (choices.advance());
  return steps;
}

/** The elements of a domain that a given pick allows. */
export function allowedElements(name: string, domain: unknown, given: Value | Test): readonly Value[] {
  const elements = domainElements(name, domain);
  if (given instanceof Test) return elements.filter((element) => given.passes(element as never));
  return elements.some((element) => compare(element, given) === 0) ? [given] : [];
}

/** Whether all picks are given by their values, so that the question can be remembered by its text. */
export function isExact(picks: GivenPicks): picks is RecordValue {
  return Object.values(picks).every((given) => !(given instanceof Test));
}

/** The picks that are given by their values. */
export function exactOf(picks: GivenPicks): RecordValue {
  return Object.fromEntries(
    Object.entries(picks).flatMap(([name, given]) => (given instanceof Test ? [] : [[name, given]])),
  );
}

/** Chooses what is given, where it is in the domain, and enumerates the rest. */
function givenFirst(picks: GivenPicks, choices: Choices, parameters: Record<string, Value>): Choose {
  return (name, domain) => {
    const given = Object.hasOwn(picks, name) ? picks[name] : undefined;
    const chosen = choices.choose(name, given === undefined ? domain : allowedElements(name, domain, given));
    if (chosen !== noChoice) parameters[name] = chosen;
    return chosen;
  };
}

function afterEach({ afterEach: routine }: System, before: RecordValue, next: RecordValue): RecordValue {
  if (routine === undefined) return next;
  const opened = openDraft(next);
  routine.run(() => noChoice, opened.draft, before);
  return opened.finish() as RecordValue;
}

/** A state with its key: its canonical bytes as a string of as many characters. */
export function keyed(value: RecordValue): KeyedState {
  return { key: Buffer.from(encode(value)).toString('latin1'), value };
}
