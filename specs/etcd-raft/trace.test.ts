/** A run of one server, written down by hand in the format of the library, and what is said of it when it is not one. */
import { formatNamed, readEvents, textSource, validate, validationText, type Validation } from 'bivalent/traces';
import { expect, test } from 'vitest';
import binding from './trace.ts';

type Seen = { term: number; vote: string; commit: number; log: number; role: 'Follower' | 'Candidate' | 'Leader' };

const line = (name: string, { term, vote, commit, log, role }: Seen, more: object = {}): string =>
  JSON.stringify({
    tag: 'trace',
    event: { name, nid: '1', state: { term, vote, commit }, role: `State${role}`, log, conf: [['1'], []], ...more },
  });

const message = (type: string, index: number): object => ({
  msg: {
    type,
    term: 1,
    from: '1',
    to: '1',
    entries: 0,
    logTerm: 0,
    index,
    commit: 0,
    vote: '0',
    reject: false,
    rejectHint: 0,
  },
});

const follower: Seen = { term: 0, vote: '0', commit: 2, log: 2, role: 'Follower' };
const candidate: Seen = { term: 1, vote: '1', commit: 2, log: 2, role: 'Candidate' };
const leader: Seen = { ...candidate, role: 'Leader' };
const appended: Seen = { ...leader, log: 3 };
const committed: Seen = { ...appended, commit: 3 };

const run = [
  JSON.stringify({ tag: 'config', config: { MaxInflightMsgs: 8 } }),
  line('InitState', follower, { conf: [[], []] }),
  line('BecomeFollower', follower),
  line('BecomeCandidate', candidate),
  line('SendRequestVoteResponse', candidate, message('MsgVoteResp', 0)),
  line('Ready', candidate),
  line('ReceiveRequestVoteResponse', candidate, message('MsgVoteResp', 0)),
  line('BecomeLeader', leader),
  line('Replicate', leader),
  line('SendAppendEntriesResponse', appended, message('MsgAppResp', 3)),
  line('Ready', appended),
  line('ReceiveAppendEntriesResponse', appended, message('MsgAppResp', 3)),
  line('Commit', committed),
];

const judged = (lines: readonly string[], constants = {}): Promise<Validation> =>
  validate(readEvents([textSource('run', `${lines.join('\n')}\n`)], formatNamed('etcd-raft')), binding, { constants });

/** What is told before the states: they are long. */
const told = (validation: Validation): string =>
  validationText(validation)
    .replaceAll(/\{"tag.*\n/g, '(the line)\n')
    .replaceAll(/\.ts:\d+/g, '.ts')
    .split('\n1 state of')[0]!;

test('one server elects itself, appends an entry and commits it', async () => {
  expect(await judged(run)).toMatchObject({
    result: 'valid',
    events: 13,
    ignored: 1,
    constants: { maxInflight: 8, snapshot: 2 },
  });
});

test('with asynchronous storage the steps that store are found', async () => {
  expect((await judged(run, { storage: 'async' })).result).toBe('valid');
});

test('an answer that comes before it was sent is found', async () => {
  expect(told(await judged(run.toSpliced(5, 1)))).toMatchInlineSnapshot(`
    "invalid: no behaviour of EtcdRaft explains the log; the longest explains 4 events (1 event passed over)

    run:6: nothing explains
      (the line)

      receive is not enabled: message cannot be MsgVoteResp 1→1 of term 1, index 0; there is nothing to choose from
    "
  `);
});

test('an entry that is committed before it is stored is found', async () => {
  expect(told(await judged(run.toSpliced(11, 1)))).toMatchInlineSnapshot(`
    "invalid: no behaviour of EtcdRaft explains the log; the longest explains 10 events (1 event passed over)

    run:12: nothing explains
      (the line)

      (no step) leads elsewhere:
        node.s1.committed: the log says 3, the spec 2

      commit(server=s1) is not enabled: a guard fails at etcd-raft.ts
        when(index > me.committed);
        it read node.s1.role = 'leader'
        it read node.s1.raftLog.snapshot.length = 2
        it read node.s1.raftLog.log.length = 1
        it read node.s1.committed = 2
        it read node.s1.configuration.voters = Set{'s1'}
        it read node.s1.progress.s1.match = 2
    "
  `);
});

test('a vote that changes is found', async () => {
  expect(told(await judged(run.with(7, line('BecomeLeader', { ...leader, vote: '0' }))))).toMatchInlineSnapshot(`
    "invalid: no behaviour of EtcdRaft explains the log; the longest explains 6 events (1 event passed over)

    run:8: nothing explains
      (the line)

      becomeLeader(server=s1) leads elsewhere:
        node.s1.votedFor: the log says null, the spec 's1'
    "
  `);
});

test('a role that the spec does not have is an error at its line', async () => {
  const unknown = line('BecomeCandidate', { ...candidate, role: 'PreCandidate' as 'Candidate' });
  await expect(judged(run.with(3, unknown))).rejects.toThrow(
    "run:4: the binding's rule for this event threw: StatePreCandidate is none of StateFollower, StateCandidate, StateLeader",
  );
});
