/** A run of two servers, written down by hand in the format of the traces. */
import { formatNamed, readEvents, textSource, validate, type Validation } from 'bivalent/traces';
import { expect, test } from 'vitest';
import binding from './trace.ts';

type Role = 'Follower' | 'Candidate' | 'Leader';

/** A line `at` so many milliseconds; the last entry is of term 1 while it is the first, and of term 2 then. */
const line = (
  at: number,
  name: string,
  nid: string,
  role: Role,
  commitIndex: number,
  last: number,
  msg?: object,
): string =>
  JSON.stringify({
    ts: `2026-01-01T00:00:00.${String(at).padStart(3, '0')}Z`,
    tag: 'trace',
    event: {
      name,
      nid,
      state: { term: 2, votedFor: 's1', role, commitIndex, lastLogIndex: last, lastLogTerm: last === 1 ? 1 : 2 },
      ...(msg !== undefined && { msg: { term: 2, entries: 0, ...msg } }),
    },
  });

const there = { from: 's1', to: 's2' };
const back = { from: 's2', to: 's1' };
const append = { ...there, prevLogIndex: 1, prevLogTerm: 1, entries: 1 };

const run = [
  JSON.stringify({ tag: 'config', config: { servers: ['s1', 's2'] } }),
  line(10, 'BecomeCandidate', 's1', 'Candidate', 0, 1),
  line(20, 'HandleRequestVoteRequest', 's2', 'Follower', 0, 1, {
    ...there,
    voteGranted: true,
    lastLogTerm: 1,
    lastLogIndex: 1,
  }),
  line(30, 'HandleRequestVoteResponse', 's1', 'Candidate', 0, 1, { ...back, voteGranted: true }),
  line(40, 'BecomeLeader', 's1', 'Leader', 0, 1),
  line(50, 'SendReplicateEntries', 's1', 'Leader', 0, 2, append),
  line(60, 'HandleAppendEntriesRequest', 's2', 'Follower', 0, 2, { ...append, success: true }),
  line(70, 'HandleReplicateResponse', 's1', 'Leader', 0, 2, {
    ...back,
    subtype: 'replicate',
    success: true,
    matchIndex: 2,
  }),
  line(80, 'AdvanceCommitIndex', 's1', 'Leader', 2, 2),
  line(90, 'SendHeartbeat', 's1', 'Leader', 2, 2, there),
  line(100, 'HandleAppendEntriesRequest', 's2', 'Follower', 0, 2, { ...there, success: true }),
];

const judged = (lines: readonly string[]): Promise<Validation> =>
  validate(readEvents([textSource('run', `${lines.join('\n')}\n`)], formatNamed('etcd-raft')), binding);

test('an election, an entry that nobody logs as appended, and its commitment are a behaviour', async () => {
  expect(await judged(run)).toMatchObject({ result: 'valid', ignored: 1, constants: { servers: ['s1', 's2'] } });
});

test('a request that is answered a moment before its candidate says that it is one is none the less', async () => {
  const early = line(10, 'HandleRequestVoteRequest', 's2', 'Follower', 0, 1, {
    ...there,
    voteGranted: true,
    lastLogTerm: 1,
    lastLogIndex: 1,
  });
  expect((await judged(run.toSpliced(2, 1).toSpliced(1, 0, early))).result).toBe('valid');
});

test('an entry that is committed before anybody has it is found', async () => {
  const { diagnosis } = await judged(run.toSpliced(7, 1));
  expect(diagnosis?.unexplained).toMatchObject([
    {
      line: 8,
      candidates: [
        { action: '(no step)' },
        { action: 'commit', guard: { text: 'when(count > me.committed);' } },
        {},
        {},
      ],
    },
  ]);
});
