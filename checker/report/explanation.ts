/**
 * Why a property fails, and why the step before was possible: user code runs once more in the states at hand, watched.
 *
 * What is told is what the code did: where it last looked at the state, which elements decided its quantifiers, which of
 * its guards held. Nothing is inferred, so that nothing told is wrong; but a condition that does not look at the state
 * (one of constants only) may have decided after the one that is named.
 */
import { guardGlobals } from '../core/index.ts';
import type { Violation } from '../explore/index.ts';
import { evaluate, noChoice, openDraft, successors, watched, watchingGuards } from '../spec/index.ts';
import type { Choose, Routine, System } from '../spec/index.ts';
import { canonical, type RecordValue, type Value } from '../value/index.ts';
import { blockedActions, type BlockedAction } from './blocked.ts';
import { innermostFrame, outermostFrame, Places, type CodePlace, type PlaceOptions } from './code-places.ts';
import type { Compared } from './minimal.ts';
import { witnessesOf, type Witness } from './witnesses.ts';

/** Something that was read: `tmState` was `'init'`. */
export interface SeenValue {
  readonly path: string;
  readonly seen: string;
}

/** Elements that decided a quantifier: `a = 'rm1', b = 'rm2'`. */
export interface DecidingElements {
  /** Whether an `every` is false of them, or a `some` true. */
  readonly quantifier: 'every' | 'some';
  readonly elements: readonly { readonly name: string; readonly element: Value }[];
}

/** Why the last step was possible. */
export interface PossibleStep {
  readonly step: number;
  /** The guards of the spec that held, in the order in which they were asked. */
  readonly guards: readonly CodePlace[];
  /** What the action read up to its last guard or choice. */
  readonly reads: readonly SeenValue[];
}

/** Why a violation happens. */
export interface Explanation {
  /** Where the property last looked at the state before it was found false. */
  readonly decidedAt?: CodePlace;
  readonly elements: readonly DecidingElements[];
  readonly lastStep?: PossibleStep;
  /** By what it was compared with all counterexamples that are as short, of which none is better. */
  readonly compared?: Compared;
  /** Of a deadlock, why each action is not enabled. */
  readonly blocked?: readonly BlockedAction[];
  /** For each state of the behaviour but the last, how many steps of each action were enabled and not taken. */
  readonly alternatives?: readonly Readonly<Record<string, number>>[];
}

/** What an explanation is made with. */
export interface ExplainOptions extends PlaceOptions {
  /** Whether the steps that were enabled and not taken are counted. */
  readonly alternatives?: boolean;
}

/** The guards and reads of a step that are told. */
const most = 12;

/**
 * Explains a violation.
 *
 * Cost: two runs of user code; with `alternatives` all actions in every state of the trace.
 *
 * @throws BivalentError where user code fails under the watch
 */
export function explain(system: System, violation: Violation, options: ExplainOptions = {}): Explanation {
  const { trace } = violation;
  const release = guardGlobals();
  try {
    const lastStep = possibleStep(system, trace, options);
    return {
      ...failedRun(system, violation, options),
      ...(lastStep !== undefined && { lastStep }),
      ...(violation.kind === 'deadlock' && { blocked: blockedActions(system, trace.at(-1)!.state, options) }),
      ...(options.alternatives === true && { alternatives: alternativesOf(system, trace) }),
    };
  } finally {
    release();
  }
}

// --- why the property is false -----------------------------------------------------------------------------------------

function failedRun(
  system: System,
  { kind, name, parameters, trace }: Violation,
  options: ExplainOptions,
): Pick<Explanation, 'decidedAt' | 'elements'> {
  const properties =
    kind === 'invariant' ? system.invariants : kind === 'transition' ? system.transitionInvariants : [];
  const property = properties.find((routine) => routine.name === name);
  const last = trace.at(-1)?.state;
  if (property === undefined || last === undefined) return { elements: [] };
  const before = kind === 'transition' ? trace.at(-2)?.state : undefined;
  const states = before === undefined ? [last] : [before, last];
  // Only a run that is false as before explains anything: one under a watch that changes it would not.
  if (evaluate(property, ...(states as [RecordValue, RecordValue?])).holds) return { elements: [] };
  const reads = new Places(outermostFrame, 1, options);
  let holds = true;
  const drafts = states.map((state) => watched(openDraft(state).draft, reads.note));
  const witnesses = witnessesOf(() => {
    holds = run(property, parameters, drafts);
  }, keep);
  if (holds) return { elements: [] };
  const decidedAt = reads.last();
  return {
    ...(decidedAt !== undefined && { decidedAt }),
    elements: witnesses.map(({ quantifier, ...witness }) => ({ quantifier, elements: chainOf(witness) })),
  };
}

function run(property: Routine, parameters: RecordValue, [state, other]: readonly unknown[]): boolean {
  return property.run(chooseFrom(parameters), state, other);
}

/** The choices that were made, again. */
function chooseFrom(parameters: RecordValue): Choose {
  return (name) => (Object.hasOwn(parameters, name) ? parameters[name]! : noChoice);
}

/** The element and, of the quantifiers inside its callback, the last that was decided: the one that decided. */
function chainOf({ name, element, inner }: Omit<Witness, 'quantifier'>): DecidingElements['elements'] {
  const deeper = inner.at(-1);
  return [{ name, element }, ...(deeper === undefined ? [] : chainOf(deeper))];
}

/** A copy of an element that outlives the draft that it may be a part of. */
function keep(element: unknown): Value {
  try {
    return canonical(element);
  } catch {
    // Something that cannot be in a state: an element of an array that user code made.
    return '…';
  }
}

// --- why the last step was possible ------------------------------------------------------------------------------------

function possibleStep(system: System, trace: Violation['trace'], options: ExplainOptions): PossibleStep | undefined {
  const step = trace.findLastIndex(({ action }) => action !== null);
  const before = trace[step - 1]?.state;
  const action = system.actions.find(({ name }) => name === trace[step]?.action);
  if (before === undefined || action === undefined) return undefined;
  const reads = new Map<string, string>();
  const guards = new Places(innermostFrame, 50 * most, options);
  let asked: readonly SeenValue[] = [];
  const noteAsked = (): void => {
    asked = [...reads].map(([path, seen]) => ({ path, seen }));
  };
  const choose = chooseFrom(trace[step]!.parameters);
  const draft = watched(openDraft(before).draft, (path, seen) => {
    if (!reads.has(path)) reads.set(path, seen);
  });
  const noteGuard = (): void => {
    guards.note();
    noteAsked();
  };
  const choosing: Choose = (name, domain) => {
    noteAsked();
    return choose(name, domain);
  };
  const enabled = watchingGuards(noteGuard, () => action.run(choosing, draft));
  if (!enabled) return undefined;
  return { step, guards: guards.all().slice(0, most), reads: asked.slice(0, most) };
}

// --- what else could have happened -------------------------------------------------------------------------------------

function alternativesOf(system: System, trace: Violation['trace']): readonly Readonly<Record<string, number>>[] {
  return trace.slice(0, -1).map(({ state }, i) => {
    const counts: Record<string, number> = {};
    for (const { action } of successors(system, state)) counts[action] = (counts[action] ?? 0) + 1;
    const taken = trace[i + 1]!.action;
    if (taken !== null && counts[taken] !== undefined) counts[taken] -= 1;
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  });
}
