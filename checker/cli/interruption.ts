/** Ctrl-C: the first ends what runs and lets it report; a second one ends the process. */

/** Signals closer than this are one key press: npm passes on to its script the signal that the terminal sends to both. */
const samePressMs = 1000;

/**
 * Listens for Ctrl-C while `task` runs.
 *
 * @param task - gets a signal that is aborted when the user presses Ctrl-C, and should soon return what it has
 * @returns what the task returns
 */
export async function interruptible<T>(task: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let firstAt = 0;
  const listen = (): void => {
    const now = performance.now();
    if (!controller.signal.aborted) firstAt = now;
    else if (now - firstAt > samePressMs) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', listen);
  try {
    return await task(controller.signal);
  } finally {
    // After Ctrl-C the program is about to end: the second signal of the same key press must not end it before.
    if (!controller.signal.aborted) process.off('SIGINT', listen);
  }
}
