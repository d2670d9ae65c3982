/**
 * Well-known mistakes, and how each of them goes wrong, step by step: the shortest counterexamples tell the stories that
 * textbooks tell. That the same protocols hold without the mistake is what their models say.
 *
 * How long a counterexample is depends on what one step is. Here every delivery is one, that of an answer too, and so is a
 * restart; the READMEs of the specs say what that makes of the lengths that are found elsewhere.
 */
import type { Spec } from 'bivalent';
import { checkSpec } from 'bivalent/testing';
import { expect, test } from 'vitest';

import { loadLibrary } from './library.test-support.ts';

const library = new Map((await loadLibrary()).map(({ name, spec }) => [name, spec]));

interface Parameters {
  readonly at?: string;
  readonly to?: string;
  readonly message?: { readonly from: string };
}

/** A step as `action node`, or as `message sender→receiver`, with what the message says. */
function stepText(action: string | null, { at, to = '', message }: Parameters): string {
  if (message === undefined) return [action, at, to].filter(Boolean).join(' ');
  const { from, ...said } = message;
  const fields = Object.entries(said).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [`${String(action)} ${from}→${to}`, ...fields].join(' ');
}

function story(name: string, options: { readonly model?: string; readonly mutant?: string }): readonly string[] {
  const { violation } = checkSpec(library.get(name) as Spec, options);
  return [
    ...violation!.trace.slice(1).map(({ action, parameters }) => stepText(action, parameters)),
    `${violation!.name} fails`,
  ];
}

test('an acknowledgement overtakes the request that was sent before it: two processes are in Lamport’s critical section', () => {
  expect(story('lamport-mutex-protocol', { mutant: 'messages overtake each other' })).toEqual([
    'ask p1',
    'ask p2',
    'request p2→p1 time=1',
    'acknowledge p1→p2 time=2',
    'enter p2',
    'request p1→p2 time=1',
    'acknowledge p2→p1 time=4',
    'enter p1',
    'mutualExclusion fails',
  ]);
});

test('a marker overtakes money: the snapshot of Chandy and Lamport lacks it', () => {
  expect(story('chandy-lamport', { mutant: 'messages overtake each other' })).toEqual([
    'transfer p1 p2',
    'begin p1',
    'marker p1→p2',
    'marker p2→p1',
    'thePictureHasAllMoney fails',
  ]);
});

test('a server that forgets its vote in a crash votes again: one term of Raft has two leaders', () => {
  expect(story('raft', { mutant: 'votes are not written to disk' })).toEqual([
    'timeout s1',
    'timeout s2',
    'requestVote s1→s3 lastTerm=0 length=0 term=1',
    'vote s3→s1 granted=true term=1',
    'crash s1',
    'restart s1',
    'requestVote s2→s1 lastTerm=0 length=0 term=1',
    'vote s1→s2 granted=true term=1',
    'electionSafety fails',
  ]);
});

test('a proposer does not heed the value that it is told of: Paxos chooses two', () => {
  expect(story('paxos-protocol', { mutant: 'a proposer proposes its own value whatever was accepted' })).toEqual([
    'prepare1a p1',
    'prepare1a p2',
    'prepare p1→a1 ballot=1',
    'prepare p2→a1 ballot=2',
    'prepare p1→a2 ballot=1',
    'promise a1→p1 accepted=null ballot=1',
    'promise a2→p1 accepted=null ballot=1',
    'accept p1→a2 ballot=1 value="p1"',
    'prepare p2→a2 ballot=2',
    'accept p1→a3 ballot=1 value="p1"',
    'promise a1→p2 accepted=null ballot=2',
    'promise a2→p2 accepted={"ballot":1,"value":"p1"} ballot=2',
    'accept p2→a1 ballot=2 value="p2"',
    'accept p2→a2 ballot=2 value="p2"',
    'agreement fails',
  ]);
});

test('a coordinator crashes when all have promised: two-phase commit is blocked', () => {
  expect(story('two-phase-commit-protocol', { model: 'blocking' })).toEqual([
    'begin tm',
    'prepare tm→rm1',
    'prepare tm→rm2',
    'crashForever tm',
    'nobodyIsBlocked fails',
  ]);
});

test('a reader returns the new value and does not write it back: the next read returns the old one', () => {
  expect(story('abd-register', { mutant: 'a reader does not write back what it read' })).toEqual([
    'write w1',
    'read r1',
    'query r1→s1 operation=1',
    'store w1→s2 operation=1 tag=1 value=1',
    'query r1→s2 operation=1',
    'answer s1→r1 operation=1 tag=0 value=0',
    'answer s2→r1 operation=1 tag=1 value=1',
    'read r1',
    'query r1→s1 operation=2',
    'query r1→s3 operation=2',
    'answer s1→r1 operation=2 tag=0 value=0',
    'answer s3→r1 operation=2 tag=0 value=0',
    'historyIsLinearizable fails',
  ]);
});
