/** Sends a message through a port of Node; unlike windows in a browser, it has no origin to be named. */
import type { MessagePort } from 'node:worker_threads';

/** Sends a message: plain data and shared memory. */
export function postMessage(port: MessagePort, message: unknown): void {
  port.postMessage(message, []);
}
