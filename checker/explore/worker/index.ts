/**
 * Threads of Node for a check: what a program that runs in Node gives to `check` as `workers`.
 *
 * This is a door of its own, since everything else in exploration also runs in a browser.
 */
import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';

import type { Workers } from './crew.ts';
import type { Message } from './member.ts';
import { postMessage } from './post-message.ts';
import { Board } from './task.ts';

export type { Workers } from './crew.ts';

/** More threads than this gain nothing: one of them commits what all the others do. */
const mostUseful = 4;

/** As many threads as are useful on this machine. */
export function usefulWorkers(): number {
  return Math.min(mostUseful, availableParallelism());
}

/**
 * So many threads, the one that asks included.
 *
 * They are started when a check needs them, and used again by the checks after it.
 *
 * @param count - at least one
 */
export function nodeWorkers(count: number): Workers {
  const resting: Thread[] = [];
  return {
    count,
    start(board) {
      const thread = resting.pop() ?? new Thread();
      thread.begin(board);
      return {
        post: (message) => thread.post(message),
        failure: () => thread.failure(),
        stop() {
          if (thread.failure() !== undefined) return;
          thread.rest();
          resting.push(thread);
        },
      };
    },
  };
}

/** A thread that works for one check after another. */
class Thread {
  readonly #port: MessagePort;
  #board = new Board();
  #failure: string | undefined;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    const options = { workerData: { board: this.#board.buffer, port: port2 }, transferList: [port2], execArgv: [] };
    const entry = new URL(import.meta.url.endsWith('.ts') ? './entry.ts' : './entry.js', import.meta.url);
    const worker = entry.href.endsWith('.ts')
      ? new Worker(fromSource(entry.href), { ...options, eval: true })
      : new Worker(entry, options);
    // A thread that waits for work must not keep the program alive.
    worker.unref();
    port1.unref();
    worker.on('error', (error) => {
      this.#failure ??= error.message;
      this.#board.fail();
    });
    this.#port = port1;
  }

  begin(board: SharedArrayBuffer): void {
    this.post({ kind: 'board', board });
    this.#board.call();
    this.#board = new Board(board);
  }

  post(message: Message): void {
    postMessage(this.#port, message);
  }

  /** Why the thread ended; undefined where it did not. */
  failure(): string | undefined {
    this.#failure ??= receiveMessageOnPort(this.#port)?.message as string | undefined;
    return this.#failure;
  }

  rest(): void {
    this.post({ kind: 'rest' });
    this.#board.call();
  }
}

/** Code that loads TypeScript: Node cannot begin a thread with it. */
function fromSource(entry: string): string {
  const loader = import.meta.resolve('tsx/esm/api');
  return `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); });`;
}
