import { describe, expect, test } from 'vitest';

import { check } from '../../checker/property/index.ts';
import { bind, type System } from '../../checker/spec/index.ts';
import paxos from '../../specs/paxos/paxos.ts';
import raft from '../specs/raft-states.ts';
import twoPhaseCommit from '../specs/two-phase-commit-states.ts';
import { spinContestant, verify } from './contestant.ts';

const missing = spinContestant('SPIN', { file: 'paxos.pml', definitions: [] }).absent?.();

interface Twin {
  readonly file: string;
  readonly definitions: readonly string[];
  readonly system: System;
}

const twins: readonly Twin[] = [
  { file: 'two-phase-commit.pml', definitions: ['N=5'], system: bind(twoPhaseCommit, { constants: { RM: 5 } }) },
  { file: 'paxos.pml', definitions: ['N=2'], system: bind(paxos, { constants: { MaxBallot: 1 } }) },
  { file: 'raft.pml', definitions: ['CAPACITY=2'], system: bind(raft, { constants: { network: { capacity: 2 } } }) },
  {
    file: 'raft.pml',
    definitions: ['MAXTERM=2', 'MAXLOG=2', 'CRASH=0', 'CAPACITY=2'],
    system: bind(raft, { constants: { maxTerm: 2, maxLog: 2, faults: { crash: 0 }, network: { capacity: 2 } } }),
  },
  {
    file: 'raft.pml',
    definitions: ['MAXLOG=0', 'CRASH=0', 'LOSS=1', 'DUPLICATION=1', 'SLOTS=7'],
    system: bind(raft, { constants: { maxLog: 0, faults: { crash: 0, loss: 1, duplication: 1 } } }),
  },
];

interface Mistake {
  readonly file: string;
  readonly definitions: readonly string[];
  readonly right: string;
  readonly wrong: string;
  readonly breaks: string;
  /** A part of the claim as the verifier writes it, without macros. */
  readonly written: string;
}

const mistakes: readonly Mistake[] = [
  {
    file: 'two-phase-commit.pml',
    definitions: ['N=2'],
    right: 'tm = ABORTED; abort = 1',
    wrong: 'tm = ABORTED; abort = 1; commit = 1',
    breaks: 'consistent',
    written: '174762',
  },
  {
    file: 'two-phase-commit.pml',
    definitions: ['N=2'],
    right: 'prepared == (1 << N) - 1',
    wrong: 'prepared',
    breaks: 'commitNeedsEveryPromise',
    written: 'tm!=2',
  },
  {
    file: 'paxos.pml',
    definitions: ['N=2'],
    right: ' && b + 1 >= max##a',
    wrong: '',
    breaks: 'atMostOneChosen',
    written: 'm2b0&m2b1',
  },
  {
    file: 'paxos.pml',
    definitions: ['N=2'],
    right: '(((m2a >> (2 * b)) & 3) == 0)',
    wrong: '1',
    breaks: 'oneProposalPerBallot',
    written: 'm2a>>',
  },
  {
    file: 'paxos.pml',
    definitions: ['N=2'],
    right: 'max##a = b + 1; vote##a',
    wrong: 'vote##a',
    breaks: 'promisesAreKept',
    written: '>=(vote',
  },
  {
    file: 'raft.pml',
    definitions: ['CRASH=0', 'CAPACITY=3'],
    right: 'I.votedFor == 0 ||',
    wrong: 'true ||',
    breaks: 'electionSafety',
    written: '==(me+1)',
  },
  {
    file: 'raft.pml',
    definitions: ['MAXTERM=2', 'CAPACITY=2'],
    right: ' && isUpToDate',
    wrong: '',
    breaks: 'leaderCompleteness',
    written: 'leaderLogs',
  },
  {
    file: 'raft.pml',
    definitions: ['MAXTERM=2', 'MAXLOG=2', 'CAPACITY=2'],
    right: 'termBefore(I, placeIn(m)) == previousTermIn(m)',
    wrong: 'true',
    breaks: 'logMatching',
    written: '].log',
  },
  {
    file: 'raft.pml',
    definitions: ['CAPACITY=2'],
    right: 'two(I.log, I.committed))',
    wrong: 'me + 1)',
    breaks: 'stateMachineSafety',
    written: '(7<<',
  },
];

describe.skipIf(missing !== undefined)(`SPIN${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test.each(twins)(
    'takes as many steps between as many states as the spec: $file $definitions',
    async ({ file, definitions, system }) => {
      const { result, distinctStates, generatedStates } = check(system, { reduction: false });
      const { distinct, generated } = await spinContestant('SPIN', { file, definitions }).run();
      expect({ result: 'ok', distinct, generated }).toEqual({
        result,
        distinct: distinctStates,
        generated: generatedStates,
      });
    },
  );

  test('takes fewer steps between the states of Paxos where it is bare', async () => {
    const model = { file: 'paxos.pml', definitions: ['N=2', 'BARE'] };
    const { distinct, generated } = await spinContestant('SPIN, bare', model).run();
    expect({ distinct, generated }).toEqual({ distinct: 3921, generated: 22_995 });
  });

  test.each(mistakes)(
    'finds that $breaks fails where $right becomes $wrong',
    async ({ file, definitions, right, wrong, written }) => {
      const edit = (text: string): string => {
        expect(text.split(right)).toHaveLength(2);
        return text.replace(right, wrong);
      };
      const text = await verify({ file, definitions }, edit);
      expect(/assertion violated (.*) \(at depth/.exec(text)?.[1]).toContain(written);
    },
  );
});
