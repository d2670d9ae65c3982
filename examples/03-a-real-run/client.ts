/**
 * A client of the lock server: does what it is told on standard input (`ask`, `leave`), and prints when it holds the lock.
 *
 * `node client.ts <log file> <name> <port>`
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Recorder, type Stamp } from 'bivalent/record';

const [file = 'client.ndjson', client = 'c1', port = ''] = process.argv.slice(2);
const recorder = new Recorder({ file, node: client });
const socket = connect(Number(port), '127.0.0.1');

function send(type: 'ask' | 'release', stamp: Stamp): void {
  socket.write(`${JSON.stringify({ client, type, stamp })}\n`);
}

createInterface({ input: socket }).on('line', (line) => {
  const { stamp } = JSON.parse(line) as { stamp: Stamp };
  recorder.receive('enter', stamp);
  console.log('holding');
});

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'ask') send('ask', recorder.send('ask'));
  if (line === 'leave') send('release', recorder.send('leave'));
});
process.stdin.on('end', () => process.exit());
