/** Where a worker thread of Node begins. */
import { receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';

import { Member, type Message } from './member.ts';
import { postMessage } from './post-message.ts';
import { Board } from './task.ts';

const { board, port } = workerData as { readonly board: SharedArrayBuffer; readonly port: MessagePort };

const member = new Member(new Board(board), () => receiveMessageOnPort(port)?.message as Message | undefined);
try {
  member.work();
} catch (error) {
  // Who waits for this thread does not hear of events meanwhile.
  postMessage(port, String(error));
  member.fail();
}
