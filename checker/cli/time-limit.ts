/**
 * A limit on the time of synchronous code.
 *
 * JavaScript cannot be interrupted from its own thread, except that V8 ends a `vm` script whose time is up. A call made
 * from such a script is ended too, wherever it was defined. Entering a script costs about 0.2 ms, so wrap slices of
 * work rather than single calls. `finally` blocks of the ended code do *not* run: what it was doing is lost, and the
 * objects that it was changing must not be used again.
 */
import { createContext, Script, type RunningScriptOptions } from 'node:vm';

/** What {@link callWithin} returns where the time ran out. */
export const timedOut: unique symbol = Symbol('timed out');
/** What {@link callInterruptibly} returns where the user pressed Ctrl-C. */
export const interrupted: unique symbol = Symbol('interrupted');

const context = createContext({ call: undefined as (() => void) | undefined });
const script = new Script('call()');

/**
 * Calls `f` and returns what it returns, or {@link timedOut} where it ran for more than `limitMs` milliseconds.
 *
 * @throws whatever `f` throws
 */
export function callWithin<T>(limitMs: number, f: () => T): T | typeof timedOut {
  const result = callAsScript({ timeout: limitMs }, f);
  return result === interrupted ? timedOut : result;
}

/**
 * As {@link callWithin}, and Ctrl-C ends the call too. Listeners for the signal do not hear of it then.
 *
 * @param limitMs - may be infinite
 */
export function callInterruptibly<T>(limitMs: number, f: () => T): T | typeof timedOut | typeof interrupted {
  const timeout = Math.max(1, Math.ceil(limitMs));
  return callAsScript({ breakOnSigint: true, ...(timeout <= longestTimeoutMs && { timeout }) }, f);
}

/** What a script's timeout can be: about 24 days. */
const longestTimeoutMs = 2 ** 31 - 1;

function callAsScript<T>(options: RunningScriptOptions, f: () => T): T | typeof timedOut | typeof interrupted {
  let result: T | typeof timedOut | typeof interrupted = timedOut;
  context['call'] = () => {
    result = f();
  };
  try {
    script.runInContext(context, options);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') result = interrupted;
    else if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
  } finally {
    context['call'] = undefined;
  }
  return result;
}

/** The error may be of the context's own `Error`, so `instanceof` does not tell. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
