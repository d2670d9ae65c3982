/**
 * A limit on the time of synchronous code.
 *
 * JavaScript cannot be interrupted from its own thread, except that V8 ends a `vm` script whose time is up. A call made
 * from such a script is ended too, wherever it was defined. Entering a script costs about 0.2 ms, so wrap slices of
 * work rather than single calls. `finally` blocks of the ended code do *not* run: what it was doing is lost, and the
 * objects that it was changing must not be used again.
 */
import { createContext, Script } from 'node:vm';

/** What {@link callWithin} returns where the time ran out. */
export const timedOut: unique symbol = Symbol('timed out');

const context = createContext({ call: undefined as (() => void) | undefined });
const script = new Script('call()');

/**
 * Calls `f` and returns what it returns, or {@link timedOut} where it ran for more than `limitMs` milliseconds.
 *
 * @throws whatever `f` throws
 */
export function callWithin<T>(limitMs: number, f: () => T): T | typeof timedOut {
  let result: T | typeof timedOut = timedOut;
  context['call'] = () => {
    result = f();
  };
  try {
    script.runInContext(context, { timeout: limitMs });
  } catch (error) {
    if (!isTimeout(error)) throw error;
  } finally {
    context['call'] = undefined;
  }
  return result;
}

/** The error may be of the context's own `Error`, so `instanceof` does not tell. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
