/** Guards: how an action says that it is not enabled. */

/**
 * What is thrown by a guard that fails, and caught around the user's function. A symbol from the global registry: it
 * costs nothing, and is the same for every copy of the package.
 */
export const disabled: symbol = Symbol.for('bivalent.disabled');

/**
 * Requires a condition for the action to be enabled; where it is false the action ends here and does not take place,
 * whatever it did before. It ends by throwing: do not catch it.
 *
 * In `init` it discards the choice of initial state. Properties have no `when`: there write `!condition || …`.
 *
 * TLA+: a conjunct without primes.
 */
export function when(condition: boolean): asserts condition {
  onGuard?.(condition);
  if (condition) return;
  throw disabled;
}

let onGuard: ((holds: boolean) => void) | undefined;

/**
 * Calls a function at each guard while a task runs, with whether it holds: to say *which* guard it was, as a symbol that
 * is thrown has no stack.
 */
export function watchingGuards<T>(guard: (holds: boolean) => void, task: () => T): T {
  const outer = onGuard;
  onGuard = guard;
  try {
    return task();
  } finally {
    onGuard = outer;
  }
}
