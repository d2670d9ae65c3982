/** Wraps the functions of a spec: one calling convention, and errors that say where. */
import { BivalentError, enterUserCode, leaveUserCode, locationOf } from '../core/index.ts';
import { showCall } from '../value/index.ts';
import type { RecordValue, Value } from '../value/index.ts';
import { isFrozenWrite } from './frozen-write.ts';
import { noChoice } from './system.ts';
import type { Choose, Routine, RoutineKind } from './system.ts';
import { disabled } from './when.ts';

/** A user's function, whatever its types were. */
export type UserFunction = (...args: readonly unknown[]) => unknown;

/** Thrown by `pick` and `forAll` where a domain is empty. */
const emptyDomain = Symbol('empty domain');

/** What a failing guard or an empty domain did to a run. */
export const notTaken: unique symbol = Symbol('not taken');

/** How messages call a routine: `invariant consistent`, `init`. */
function labelOf(kind: RoutineKind | 'init', name: string): string {
  switch (kind) {
    case 'transitionInvariant':
      return `transition invariant ${name}`;
    case 'actionConstraint':
      return 'action constraint';
    case 'action':
    case 'invariant':
      return `${kind} ${name}`;
    default:
      return kind;
  }
}

/** The choices made so far in the run that is on; one object serves all runs of a routine. */
class Run {
  readonly label: string;
  readonly name: string;
  choose: Choose | undefined;
  picked: Record<string, Value> = {};

  constructor(label: string, name: string) {
    this.label = label;
    this.name = name;
  }

  describe(): string {
    return showCall(this.label, this.picked);
  }

  /** `pick` and `forAll`: one element of each named domain. */
  readonly pick = (domains: Readonly<Record<string, Iterable<unknown>>>): RecordValue => {
    const chosen: Record<string, Value> = {};
    for (const [name, domain] of Object.entries(domains)) {
      if (this.choose === undefined) {
        throw new BivalentError('spec/late-pick', `${this.label} called pick or forAll after it had ended`);
      }
      if (Object.hasOwn(this.picked, name)) {
        throw new BivalentError('spec/duplicate-pick', `${name} is chosen twice: give the second choice another name`);
      }
      const element = this.choose(name, domain);
      if (element === noChoice) throw emptyDomain;
      chosen[name] = element;
      this.picked[name] = element;
    }
    return chosen;
  };
}

/** What a user's function is called with after the state (or states). */
export type ContextOf = (pick: Run['pick']) => object;

/**
 * Wraps one function so that it can be called with choices.
 *
 * @param kind - decides what the function may return
 * @param name - as the spec calls it
 * @param f - the user's function
 * @param contextOf - makes the function's last argument
 * @returns calls it; gives what it returned, or `notTaken` where a guard failed or a domain was empty
 */
export function callable(
  kind: RoutineKind | 'init',
  name: string,
  f: UserFunction,
  contextOf: ContextOf,
): (choose: Choose, ...states: readonly unknown[]) => unknown {
  const run = new Run(labelOf(kind, name), name);
  const context = Object.freeze(contextOf(run.pick));
  return (choose, ...states) => {
    run.choose = choose;
    run.picked = {};
    const outer = enterUserCode(run);
    try {
      return f(...states, context);
    } catch (error) {
      if (error === emptyDomain) return notTaken;
      if (error === disabled && (kind === 'action' || kind === 'init')) return notTaken;
      throw specError(run, error);
    } finally {
      leaveUserCode(outer);
      run.choose = undefined;
    }
  };
}

/** Makes a routine of an action or a property. */
export function routineOf(kind: RoutineKind, name: string, f: UserFunction, contextOf: ContextOf): Routine {
  const isAction = kind === 'action' || kind === 'afterEach';
  const call = callable(kind, name, f, contextOf);
  const label = labelOf(kind, name);
  const ofSteps = kind === 'afterEach' || kind === 'transitionInvariant' || kind === 'actionConstraint';
  const run: Routine['run'] = (choose, state, other) => {
    const result = ofSteps ? call(choose, state, other) : call(choose, state);
    if (result === notTaken) return !isAction;
    if (isAction && result === undefined) return true;
    if (!isAction && typeof result === 'boolean') return result;
    throw wrongResult(label, name, isAction, result);
  };
  return Object.freeze({ kind, name, run });
}

function wrongResult(label: string, name: string, isAction: boolean, result: unknown): BivalentError {
  if (result instanceof Promise) {
    // Its outcome has no reader: a rejection must not end the program.
    result.catch(() => undefined);
    return new BivalentError('spec/async', `${label} is async: actions and properties are synchronous`, {
      action: name,
    });
  }
  const right = isAction ? 'an action returns nothing: it edits the state' : 'a property returns true or false';
  return new BivalentError('spec/result', `${label} returned ${describe(result)}: ${right}`, { action: name });
}

function describe(result: unknown): string {
  if (typeof result === 'object' && result !== null) return Array.isArray(result) ? 'an array' : 'an object';
  return typeof result === 'function' ? 'a function' : (JSON.stringify(result) ?? String(result));
}

/** Says of an error which routine it comes from, with which choices, and where in the user's code. */
function specError(run: Run, error: unknown): BivalentError {
  const details = { action: run.name, parameters: run.picked, ...locationOf(error) };
  if (error === disabled) {
    const advice = 'when belongs in actions and init; in a property write !condition || …';
    return new BivalentError('spec/when', `${run.describe()} called when: ${advice}`, details);
  }
  if (error instanceof BivalentError) {
    const message = `${run.describe()}: ${error.message}`;
    return new BivalentError(error.code, message, { ...error.details, ...details }, { cause: error });
  }
  if (isFrozenWrite(error)) {
    const message = `${run.describe()} tried to change what may only be read: ${(error as Error).message}`;
    return new BivalentError('spec/frozen-write', message, details, { cause: error });
  }
  if (error instanceof TypeError && error.message.endsWith('on a proxy that has been revoked')) {
    const message = `${run.describe()} used a part of a state that an earlier run was given: a spec keeps nothing outside its state`;
    return new BivalentError('spec/kept-draft', message, details, { cause: error });
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : describe(error);
  return new BivalentError('spec/threw', `${run.describe()} threw ${text}`, details, { cause: error });
}
