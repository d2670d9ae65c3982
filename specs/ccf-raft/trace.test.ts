/** A run of two servers, written down by hand in the format of CCF's driver. */
import { formatNamed, readEvents, textSource, validate, type Validation } from 'bivalent/traces';
import { expect, test } from 'vitest';
import binding from './trace.ts';

type Role = 'None' | 'Follower' | 'Candidate' | 'Leader';

const line = (
  name: string,
  node: string,
  view: number,
  role: Role,
  commit: number,
  last: number,
  more: object = {},
): string =>
  JSON.stringify({
    h_ts: '1',
    tag: 'raft_trace',
    msg: {
      function: name,
      state: { node_id: node, current_view: view, leadership_state: role, commit_idx: commit, last_idx: last },
      ...more,
    },
  });

const request = { msg: 'raft_request_vote', term: 1, last_committable_idx: 0, term_of_last_committable_idx: 0 };
const vote = { msg: 'raft_request_vote_response', term: 1, vote_granted: true };
const append = {
  msg: 'raft_append_entries',
  term: 1,
  idx: 2,
  prev_idx: 0,
  prev_term: 0,
  term_of_idx: 1,
  leader_commit_idx: 0,
};
const appended = { msg: 'raft_append_entries_response', term: 1, success: 'OK', last_log_idx: 2 };

const run = [
  line('add_configuration', '0', 0, 'None', 0, 0),
  line('add_configuration', '1', 0, 'None', 0, 0),
  line('become_candidate', '0', 1, 'Candidate', 0, 0),
  line('send_request_vote', '0', 1, 'Candidate', 0, 0, { packet: request, to_node_id: '1' }),
  line('recv_request_vote', '1', 0, 'None', 0, 0, { packet: request, from_node_id: '0' }),
  line('become_follower', '1', 1, 'Follower', 0, 0),
  line('recv_request_vote_response', '0', 1, 'Candidate', 0, 0, { packet: vote, from_node_id: '1' }),
  line('become_leader', '0', 1, 'Leader', 0, 0),
  line('replicate', '0', 1, 'Leader', 0, 0, { seqno: 1, globally_committable: false }),
  line('replicate', '0', 1, 'Leader', 0, 1, { seqno: 2, globally_committable: true }),
  line('send_append_entries', '0', 1, 'Leader', 0, 2, { packet: append, to_node_id: '1', match_idx: 0, sent_idx: 0 }),
  line('recv_append_entries', '1', 1, 'Follower', 0, 0, { packet: append, from_node_id: '0' }),
  line('execute_append_entries_sync', '1', 1, 'Follower', 0, 0, { from_node_id: '0' }),
  line('send_append_entries_response', '1', 1, 'Follower', 0, 2, { packet: appended, to_node_id: '0' }),
  line('recv_append_entries_response', '0', 1, 'Leader', 0, 2, {
    packet: appended,
    from_node_id: '1',
    match_idx: 0,
    sent_idx: 2,
  }),
  line('commit', '0', 1, 'Leader', 2, 2),
];

const judged = (lines: readonly string[]): Promise<Validation> =>
  validate(readEvents([textSource('run', `${lines.join('\n')}\n`)], formatNamed('ccf-consensus')), binding);

test('an election, two entries of which the second signs, and their commitment are a behaviour', async () => {
  expect(await judged(run)).toMatchObject({ result: 'valid', events: 16, constants: { servers: ['s0', 's1'] } });
});

test('what is not signed is not committed', async () => {
  const unsigned = run.with(9, line('replicate', '0', 1, 'Leader', 0, 1, { seqno: 2, globally_committable: false }));
  const { result, diagnosis } = await judged(unsigned);
  expect(result).toBe('invalid');
  expect(diagnosis?.unexplained).toMatchObject([{ line: 16 }]);
});

test('a message of another kind than was sent is found', async () => {
  const other = { ...append, msg: 'raft_request_vote' };
  const { result, diagnosis } = await judged(
    run.with(11, line('recv_append_entries', '1', 1, 'Follower', 0, 0, { packet: other, from_node_id: '0' })),
  );
  expect(result).toBe('invalid');
  expect(diagnosis?.unexplained).toMatchObject([{ line: 12 }]);
});
