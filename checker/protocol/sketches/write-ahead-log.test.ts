/**
 * A write-ahead log, as evidence that protocols can say what a disk does: what is on it is what was synced, and perhaps a
 * part of what was written since.
 *
 * Records are written before they are acknowledged, and a record is there where its end is: C. Mohan et al., *ARIES* (1992).
 */
import { expect, test } from 'vitest';

import { check } from '../../property/index.ts';
import { bind, nodes, when } from '../../spec/index.ts';
import type { Draft } from '../../value/index.ts';
import { defineProtocol, messages } from '../index.ts';

/** What a record consists of, in the order in which it is written. */
type Cell = { part: 'begin' | 'end'; key: number };
type Database = { log: Cell[]; table: number[]; unacknowledged: { client: string; key: number }[] };

/** A database that is started: what is in its log is applied, up to the record that a crash has torn. */
function replay(me: Draft<Database>): void {
  me.log = me.log.filter(({ key }) => me.log.some((cell) => cell.part === 'end' && cell.key === key));
  me.table = me.log.filter(({ part }) => part === 'end').map(({ key }) => key);
}

const log = defineProtocol({
  name: 'WriteAheadLog',
  constants: { writers: nodes('c', 2) },
  nodes: () => ['db'],
  messages: messages<{ put: { key: number }; done: object }>(),
  state: {
    durable: () => ({ log: [] as Cell[] }),
    volatile: () => ({ table: [] as number[], unacknowledged: [] as Database['unacknowledged'] }),
  },
  network: { copies: 'set' },
  faults: { unsynced: 1, torn: 1 },
  clients: {
    names: ({ writers }) => writers,
    state: () => ({ has: 'not asked' as 'not asked' | 'asked' | 'an answer' }),
    actions: {
      write(me, { self, send }) {
        when(me.has === 'not asked');
        me.has = 'asked';
        send('db', { type: 'put', key: Number(self.slice(1)) });
      },
    },
    on: {
      done(me) {
        me.has = 'an answer';
      },
    },
  },
  actions: {
    /** Whatever was written since the last time is on disk, and may be acknowledged. */
    sync(me, { fsync, send }) {
      when(me.unacknowledged.length > 0);
      fsync();
      for (const { client } of me.unacknowledged) send(client as `c${number}`, { type: 'done' });
      me.unacknowledged = [];
    },
  },
  on: {
    put(me, { from, key }) {
      me.log.push({ part: 'begin', key }, { part: 'end', key });
      me.table.push(key);
      me.unacknowledged.push({ client: from, key });
    },
  },
  recover: (me) => replay(me),
  invariants: {
    acknowledgedWritesSurvive: ({ node, status, client }, { clients }) =>
      status['db'] !== 'up' ||
      clients.every((c) => client[c]!.has !== 'an answer' || node['db'].table.includes(Number(c.slice(1)))),
    recordsAreWhole: ({ node, status }) =>
      status['db'] !== 'up' || node['db'].table.length * 2 === node['db'].log.length,
  },
  deadlock: false,
  mutants: {
    'writes are acknowledged before they are synced': {
      on: {
        put(me, { key }, { reply }) {
          me.log.push({ part: 'begin', key }, { part: 'end', key });
          me.table.push(key);
          reply({ type: 'done' });
        },
      },
      breaks: 'acknowledgedWritesSurvive',
      steps: 5,
    },
    'a record is applied whether its end is there or not': {
      recover(me) {
        me.table = me.log.filter(({ part }) => part === 'begin').map(({ key }) => key);
      },
      breaks: 'recordsAreWhole',
      steps: 4,
    },
  },
});

test('a log that is synced before writes are acknowledged loses none of them, and applies no part of one', () => {
  const result = check(bind(log), { audit: 'all' });
  expect(result).toMatchObject({ result: 'ok', distinctStates: 112 });
  expect(Object.values(result.faults).every((count) => count > 0)).toBe(true);
});

test.each(Object.entries(log.definition.mutants ?? {}))('it is seen where %s', (mutant, { breaks, steps }) => {
  const { violation } = check(bind(log, { mutant }));
  expect([violation?.name, violation && violation.trace.length - 1]).toEqual([breaks, steps]);
});
