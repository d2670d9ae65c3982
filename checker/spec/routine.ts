/** Wraps the functions of a spec: one calling convention, and errors that say where. */
import { BivalentError, enterUserCode, leaveUserCode, locationOf } from '../core/index.ts';
import type { Running } from '../core/index.ts';
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
    case 'predicate':
      return `property ${name}`;
    case 'init':
      return name;
    default:
      return kind;
  }
}

/** What a user's function is called with after the state (or states). */
export type ContextOf = (pick: UserCode['pick']) => object;

/** One of the user's functions, with the choices made so far in the run that is on, or in the last one. */
export class UserCode implements Running {
  readonly name: string;
  picked: Record<string, Value> = {};
  private readonly kind: RoutineKind | 'init';
  private readonly f: UserFunction;
  private readonly context: object;
  private choose: Choose | undefined;

  /**
   * @param kind - says where `when` is allowed
   * @param name - as the spec calls it
   * @param f - the user's function
   * @param contextOf - makes the function's last argument
   */
  constructor(kind: RoutineKind | 'init', name: string, f: UserFunction, contextOf: ContextOf) {
    this.kind = kind;
    this.name = name;
    this.f = f;
    this.context = Object.freeze(contextOf(this.pick));
  }

  describe(): string {
    return showCall(labelOf(this.kind, this.name), this.picked);
  }

  /**
   * Runs the function for one sequence of choices.
   *
   * @returns what it returned, or `notTaken` where a guard failed or a domain was empty
   * @throws BivalentError where it throws; it names the function, its choices and its line
   */
  run(choose: Choose, ...states: readonly unknown[]): unknown {
    this.choose = choose;
    this.picked = {};
    const outer = enterUserCode(this);
    try {
      return this.f(...states, this.context);
    } catch (error) {
      if (error === emptyDomain) return notTaken;
      if (error === disabled && (this.kind === 'action' || this.kind === 'init')) return notTaken;
      throw specError(this, error);
    } finally {
      leaveUserCode(outer);
      this.choose = undefined;
    }
  }

  /** `pick` and `forAll`: one element of each named domain. */
  private readonly pick = (domains: Readonly<Record<string, Iterable<unknown>>>): RecordValue => {
    const chosen: Record<string, Value> = {};
    for (const [name, domain] of Object.entries(domains)) {
      if (this.choose === undefined) {
        throw new BivalentError('spec/late-pick', `${this.describe()} called pick or forAll after it had ended`);
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

/** Makes a routine of an action or a property. */
export function routineOf(kind: RoutineKind, name: string, f: UserFunction, contextOf: ContextOf): Routine {
  const isAction = kind === 'action' || kind === 'afterEach';
  const ofSteps = kind === 'afterEach' || kind === 'transitionInvariant' || kind === 'actionConstraint';
  const code = new UserCode(kind, name, f, contextOf);
  const run: Routine['run'] = (choose, state, other) => {
    const result = ofSteps ? code.run(choose, state, other) : code.run(choose, state);
    if (result === notTaken) return !isAction;
    if (isAction && result === undefined) return true;
    if (!isAction && typeof result === 'boolean') return result;
    throw wrongResult(code, isAction, result);
  };
  return Object.freeze({ kind, name, run });
}

function wrongResult(code: UserCode, isAction: boolean, result: unknown): BivalentError {
  const details = { action: code.name, parameters: code.picked };
  if (result instanceof Promise) {
    // Its outcome has no reader: a rejection must not end the program.
    result.catch(() => undefined);
    return new BivalentError(
      'spec/async',
      `${code.describe()} is async: actions and properties are synchronous`,
      details,
    );
  }
  const right = isAction ? 'an action returns nothing: it edits the state' : 'a property returns true or false';
  return new BivalentError('spec/result', `${code.describe()} returned ${describe(result)}: ${right}`, details);
}

function describe(result: unknown): string {
  if (typeof result === 'object' && result !== null) return Array.isArray(result) ? 'an array' : 'an object';
  if (typeof result === 'function') return 'a function';
  return typeof result === 'string' ? JSON.stringify(result) : String(result);
}

/** Says of an error which routine it comes from, with which choices, and where in the user's code. */
function specError(code: UserCode, error: unknown): BivalentError {
  const details = { action: code.name, parameters: code.picked, ...locationOf(error) };
  if (error === disabled) {
    const advice = 'when belongs in actions and init; in a property write !condition || …';
    return new BivalentError('spec/when', `${code.describe()} called when: ${advice}`, details);
  }
  if (error instanceof BivalentError) {
    const message = `${code.describe()}: ${error.message}`;
    return new BivalentError(error.code, message, { ...error.details, ...details }, { cause: error });
  }
  if (isFrozenWrite(error)) {
    const message = `${code.describe()} tried to change what may only be read: ${(error as Error).message}`;
    return new BivalentError('spec/frozen-write', message, details, { cause: error });
  }
  if (error instanceof TypeError && error.message.endsWith('on a proxy that has been revoked')) {
    const message = `${code.describe()} used a part of a state that an earlier run was given: a spec keeps nothing outside its state`;
    return new BivalentError('spec/kept-draft', message, details, { cause: error });
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : describe(error);
  return new BivalentError('spec/threw', `${code.describe()} threw ${text}`, details, { cause: error });
}
