/**
 * Keeps user code pure: while it runs, the sources of randomness and time of the platform throw.
 *
 * A spec that reads the clock or a random number has no state graph: two runs of an action on one state would differ,
 * and what the checker learned from the first would be false of the second. The globals are patched once, while a
 * check is on, and look at one variable when called; a call of user code costs two assignments.
 *
 * Limit: what a spec imports by itself (`node:crypto`, `node:fs`) is not patched; audits are what catches that.
 */
import { BivalentError } from './errors.ts';

/** User code that is running. */
export interface Running {
  /** As the spec calls it. */
  readonly name: string;
  /** The values chosen so far by `pick` or `forAll`. */
  readonly picked: Readonly<Record<string, unknown>>;
  /** Says which it is: `action rmPrepare(rm=rm2)`. */
  describe(): string;
}

let running: Running | undefined;

/**
 * Notes that user code begins.
 *
 * @returns what was running before, to be handed to {@link leaveUserCode}
 */
export function enterUserCode(code: Running): Running | undefined {
  const outer = running;
  running = code;
  return outer;
}

/** Notes that user code has ended. */
export function leaveUserCode(outer: Running | undefined): void {
  running = outer;
}

/**
 * The user code that is running; also the one that was running when the platform stopped it for taking too long,
 * since that ends a program without running its `finally` blocks. It stays so until the guard is released.
 */
export function runningUserCode(): Running | undefined {
  return running;
}

let guards = 0;
let restore: (() => void) | undefined;

/**
 * Makes impure globals throw while user code runs, until the returned function is called.
 *
 * Guards nest; the last release restores the globals.
 *
 * @returns releases the guard; calling it again does nothing
 */
export function guardGlobals(): () => void {
  guards += 1;
  restore ??= patchGlobals();
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    guards -= 1;
    running = undefined;
    if (guards > 0) return;
    restore?.();
    restore = undefined;
  };
}

const chance = 'use pick for what may go either way';
const clock = 'keep time in the state, as a number';
const later = 'actions are instantaneous: what happens later is another action';

/** What is patched: the path from the global object, and what to do instead. */
const impure: readonly (readonly [owner: string | undefined, name: string, advice: string])[] = [
  ['Math', 'random', chance],
  ['crypto', 'randomUUID', chance],
  ['crypto', 'getRandomValues', chance],
  ['Date', 'now', clock],
  ['performance', 'now', clock],
  ['process', 'hrtime', clock],
  ['process', 'uptime', clock],
  ['process', 'nextTick', later],
  ['process', 'exit', 'throw an error where something is wrong'],
  [undefined, 'setTimeout', later],
  [undefined, 'setInterval', later],
  [undefined, 'setImmediate', later],
  [undefined, 'queueMicrotask', later],
  [undefined, 'fetch', 'a spec has no environment but its state'],
];

function patchGlobals(): () => void {
  const undo: (() => void)[] = [];
  for (const [owner, name, advice] of impure) {
    const object: unknown = owner === undefined ? globalThis : Reflect.get(globalThis, owner);
    if (typeof object !== 'object' && typeof object !== 'function') continue;
    if (object === null || typeof Reflect.get(object, name) !== 'function') continue;
    undo.push(replace(object, name, refusing(Reflect.get(object, name) as Callable, callText(owner, name), advice)));
  }
  undo.push(replace(globalThis, 'Date', refusingClock()));
  return () => {
    for (const step of undo.reverse()) step();
  };
}

type Callable = (...args: unknown[]) => unknown;

function callText(owner: string | undefined, name: string): string {
  return owner === undefined ? `${name}()` : `${owner}.${name}()`;
}

/** The same function, its own properties included (`process.hrtime.bigint`), that user code may not call. */
function refusing(original: Callable, text: string, advice: string): Callable {
  return new Proxy(original, {
    apply(target, self, args) {
      refuse(text, advice);
      return Reflect.apply(target, self, args);
    },
    get(target, key) {
      if (running !== undefined && key === 'bigint') refuse(text, advice);
      return Reflect.get(target, key);
    },
  });
}

/** `Date`, but for user code only with arguments: `new Date()` and `Date()` read the clock. */
function refusingClock(): DateConstructor {
  return new Proxy(Date, {
    construct(target, args, newTarget) {
      if (args.length === 0) refuse('new Date()', clock);
      return Reflect.construct(target, args, newTarget) as Date;
    },
    apply(target, self, args) {
      refuse('Date()', clock);
      return Reflect.apply(target, self, args) as string;
    },
  });
}

function refuse(text: string, advice: string): void {
  if (running === undefined) return;
  throw new BivalentError('spec/impure', `${text} is not allowed in a spec, which must be pure: ${advice}`);
}

/** Replaces a property, own or inherited; returns what undoes it. */
function replace(object: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  if (own !== undefined && !own.configurable && !own.writable) return () => undefined;
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    if (own === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, own);
  };
}
