/** Two threads at a ring, written down by hand in the format of the traces. */
import { formatNamed, readEvents, textSource, validate, type Validation } from 'bivalent/traces';
import { expect, test } from 'vitest';
import binding from './trace.ts';

const line = (
  event: string,
  thread: string,
  [prodHead, prodTail, consHead, consTail]: readonly number[],
  n?: number,
): string =>
  JSON.stringify({ tag: 'trace', ts: '1', event, thread, n, state: { prodHead, prodTail, consHead, consTail } });

const run = [
  line('ReserveProd', 't1', [1, 0, 0, 0], 1),
  line('ReserveProd', 't2', [2, 0, 0, 0], 1),
  line('WriteData', 't2', [2, 0, 0, 0]),
  line('WriteData', 't1', [2, 0, 0, 0]),
  line('PublishTail', 't1', [2, 1, 0, 0]),
  line('PublishTail', 't2', [2, 2, 0, 0]),
  line('ReserveCons', 't1', [2, 2, 2, 0], 2),
  line('WriteData', 't1', [2, 2, 2, 0]),
  line('PublishTail', 't1', [2, 2, 2, 2]),
];

const judged = (lines: readonly string[]): Promise<Validation> =>
  validate(readEvents([textSource('run', `${lines.join('\n')}\n`)], formatNamed('etcd-raft')), binding);

test('two that fill the ring and one that empties it are a behaviour', async () => {
  expect(await judged(run)).toMatchObject({
    result: 'valid',
    constants: { threads: ['t1', 't2'], capacity: 2, most: 2 },
  });
});

test('who publishes before those that reserved before is found', async () => {
  const hasty = run.with(4, line('PublishTail', 't2', [2, 1, 0, 0]));
  expect((await judged(hasty)).diagnosis?.unexplained).toMatchObject([
    { line: 5, candidates: [{ action: 'publish', guard: { text: 'when(s.prodTail === from);' } }] },
  ]);
});
