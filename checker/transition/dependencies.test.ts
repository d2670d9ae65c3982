import { describe, expect, test } from 'vitest';

import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import { check } from '../property/index.ts';
import { bind, defineSpec, mapOf, nodes, when, type System } from '../spec/index.ts';
import { dependenciesOf, type Dependencies } from './dependencies.ts';
import { LearnedSystem } from './learned-system.ts';

/** What is learned of a system where every reachable state is explored. */
function learnedOf(system: System): Dependencies {
  return check(system, { dependencies: true }).dependencies!;
}

/** The matrix by variable: `R`, `W` or `RW`. */
function matrixOf({ variables, actions }: Dependencies): Record<string, Record<string, string>> {
  const row = ({ reads, writes }: Dependencies['actions'][number]): Record<string, string> => {
    const cells = Object.entries(variables).map(([variable, paths]) => {
      const read = paths.some((path) => reads.includes(path)) ? 'R' : '';
      return [variable, read + (paths.some((path) => writes.includes(path)) ? 'W' : '')] as const;
    });
    return Object.fromEntries(cells.filter(([, cell]) => cell !== ''));
  };
  return Object.fromEntries(actions.map((action) => [action.action, row(action)]));
}

describe('of two-phase commit', () => {
  const dependencies = learnedOf(bind(twoPhaseCommit));

  test('the fields of a record with one for each manager are one variable', () => {
    expect(dependencies.variables).toEqual({
      messages: ['messages'],
      'rmState.*': ['rmState.rm1', 'rmState.rm2', 'rmState.rm3'],
      tmPrepared: ['tmPrepared'],
      tmState: ['tmState'],
    });
  });

  test('the matrix is what its code says: sending reads nothing', () => {
    expect(matrixOf(dependencies)).toEqual({
      tmReceivesPrepared: { messages: 'R', tmPrepared: 'W', tmState: 'R' },
      tmCommit: { messages: 'W', tmPrepared: 'R', tmState: 'RW' },
      tmAbort: { messages: 'W', tmState: 'RW' },
      rmPrepare: { messages: 'W', 'rmState.*': 'RW' },
      rmChooseToAbort: { 'rmState.*': 'RW' },
      rmReceivesCommit: { messages: 'R', 'rmState.*': 'W' },
      rmReceivesAbort: { messages: 'R', 'rmState.*': 'W' },
    });
  });

  test('reads and writes are full paths', () => {
    expect(dependencies.actions.find(({ action }) => action === 'rmPrepare')).toEqual({
      action: 'rmPrepare',
      learned: true,
      reads: ['rmState.rm1', 'rmState.rm2', 'rmState.rm3'],
      writes: ['messages', 'rmState.rm1', 'rmState.rm2', 'rmState.rm3'],
    });
  });

  test('a message influences only the actions that ask for it', () => {
    const lines = dependencies.influences.map(({ from, to, through }) => `${from} → ${to}: ${through.join(', ')}`);
    expect(lines).toEqual([
      'tmReceivesPrepared → tmCommit: tmPrepared',
      'tmCommit → tmReceivesPrepared: tmState',
      'tmCommit → tmCommit: tmState',
      'tmCommit → tmAbort: tmState',
      'tmCommit → rmReceivesCommit: messages',
      'tmAbort → tmReceivesPrepared: tmState',
      'tmAbort → tmCommit: tmState',
      'tmAbort → tmAbort: tmState',
      'tmAbort → rmReceivesAbort: messages',
      'rmPrepare → tmReceivesPrepared: messages',
      'rmPrepare → rmPrepare: rmState.*',
      'rmPrepare → rmChooseToAbort: rmState.*',
      'rmChooseToAbort → rmPrepare: rmState.*',
      'rmChooseToAbort → rmChooseToAbort: rmState.*',
      'rmReceivesCommit → rmPrepare: rmState.*',
      'rmReceivesCommit → rmChooseToAbort: rmState.*',
      'rmReceivesAbort → rmPrepare: rmState.*',
      'rmReceivesAbort → rmChooseToAbort: rmState.*',
    ]);
  });
});

describe('in a small spec', () => {
  const spec = defineSpec({
    name: 'Small',
    constants: { node: nodes('n', 2) },
    init: ({ node }) => ({
      clock: { hour: 0, minute: 0 },
      inbox: new Set<number>(),
      local: mapOf(node, () => ({ on: false, seen: new Set<number>() })),
      steps: 0,
    }),
    actions: {
      send: (s) => s.inbox.add(1),
      receive(s, { node, pick }) {
        const { n, m } = pick({ n: node, m: s.inbox });
        s.local[n]!.seen.add(m);
      },
      blocked(s) {
        when(s.clock.hour > 0);
        s.inbox.delete(1);
      },
    },
    afterEach: (s) => void (s.steps = Math.min(s.steps + 1, 2)),
  });

  test('picking an element reads the collection, and afterEach has a row of its own', () => {
    expect(matrixOf(learnedOf(bind(spec)))).toEqual({
      send: { inbox: 'W' },
      receive: { inbox: 'R', 'local.*.seen': 'W' },
      blocked: { 'clock.hour': 'R' },
      afterEach: { steps: 'RW' },
    });
  });

  test('only records with a field for each element of a constant have their fields taken together', () => {
    expect(Object.keys(learnedOf(bind(spec)).variables)).toEqual([
      'clock.hour',
      'clock.minute',
      'inbox',
      'local.*.on',
      'local.*.seen',
      'steps',
    ]);
  });

  test('nothing is said of an action that is called on every state', () => {
    const learned = new LearnedSystem(bind(spec), new Set());
    learned.learner.callDirectly();
    const { actions, influences } = dependenciesOf(learned);
    expect(actions[0]).toEqual({ action: 'send', learned: false, reads: [], writes: [] });
    expect(influences).toEqual([]);
  });

  test('a result has no matrix unless it is asked for', () => {
    expect('dependencies' in check(bind(spec))).toBe(false);
  });
});
