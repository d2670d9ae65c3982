/**
 * The lock server: a process that listens on TCP, one JSON message a line.
 *
 * `node server.ts <log file> [wrong]` prints its port, and then what happens. With `wrong` it has a mistake of a kind that
 * no test of a quiet day finds: when *any* client's connection closes, it takes the lock for free.
 */
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Recorder, type Stamp } from 'bivalent/record';

const [file = 'server.ndjson', mistake] = process.argv.slice(2);
const recorder = new Recorder({ file, node: 'server' });
const sockets = new Map<string, Socket>();
let holder: string | undefined;
let waiting: string[] = [];

function receive(client: string, message: { type: 'ask' | 'release'; stamp: Stamp }): void {
  recorder.receive('received', message.stamp, { client, type: message.type });
  if (message.type === 'ask') waiting.push(client);
  else holder = undefined;
  console.log(`${message.type} ${client}`);
  grantNext();
}

function close(client: string): void {
  recorder.event('closed', { client });
  sockets.delete(client);
  waiting = waiting.filter((other) => other !== client);
  if (holder === client || mistake === 'wrong') holder = undefined;
  console.log(`closed ${client}`);
  grantNext();
}

function grantNext(): void {
  if (holder !== undefined) return;
  holder = waiting.shift();
  if (holder === undefined) return;
  const stamp = recorder.send('granted', { client: holder });
  sockets.get(holder)?.write(`${JSON.stringify({ stamp })}\n`);
}

const server = createServer((socket) => {
  let client: string | undefined;
  // A client that is killed resets its connection: `close` follows.
  socket.on('error', () => {});
  socket.on('close', () => client !== undefined && close(client));
  createInterface({ input: socket }).on('line', (line) => {
    const message = JSON.parse(line) as { client: string; type: 'ask' | 'release'; stamp: Stamp };
    client = message.client;
    sockets.set(client, socket);
    receive(client, message);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`port ${typeof address === 'object' ? address?.port : ''}`);
});
