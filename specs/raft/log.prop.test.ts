/** What a snapshot replaces is still there: a log that was cut answers as the whole one does. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { continuesLog, entriesOf, lastTerm, lengthOf, merge, termAt } from './log.ts';
import type { LogHolder } from './log.ts';
import type { Entry } from './server.ts';

/** Entries whose terms never go down, as a leader makes them. */
const logs = fc
  .array(fc.integer({ min: 1, max: 3 }), { maxLength: 5 })
  .map((terms) => terms.sort((a, b) => a - b).map((term): Entry => ({ term })));

/** A follower's log, how much of it a snapshot replaces, and a leader's log, which has as much. */
const cases = fc.tuple(logs, fc.nat({ max: 5 }), logs).map(([log, count, more]) => {
  const snapshot = log.slice(0, count);
  const last = snapshot.at(-1)?.term ?? 0;
  return { log, snapshot, leader: [...snapshot, ...more.filter(({ term }) => term >= last)] };
});

const cut = (log: readonly Entry[], snapshot: readonly Entry[]): LogHolder & { log: Entry[] } => ({
  log: log.slice(snapshot.length),
  snapshot,
  snapshotTerm: snapshot.at(-1)?.term ?? 0,
});

test('a log that was cut has the same length, end and entries', () => {
  fc.assert(
    fc.property(cases, ({ log, snapshot }) => {
      const short = cut(log, snapshot);
      expect([lengthOf(short), lastTerm(short), entriesOf(short)]).toEqual([lengthOf({ log }), lastTerm({ log }), log]);
      for (let place = snapshot.length; place <= log.length; place++)
        expect(termAt(short, place)).toBe(termAt({ log }, place));
    }),
  );
});

test('a log that was cut takes the same entries, and is the same afterwards', () => {
  fc.assert(
    fc.property(cases, fc.nat({ max: 5 }), fc.nat({ max: 2 }), ({ log, snapshot, leader }, from, count) => {
      const place = Math.min(from, leader.length);
      const m = { previous: place - 1, previousTerm: leader[place - 1]?.term ?? 0 };
      const [whole, short] = [{ log: [...log] }, cut(log, snapshot)];
      const continues = continuesLog(whole, m);
      expect(continuesLog(short, m)).toBe(continues);
      if (!continues) return;
      for (const one of [whole, short]) merge(one, place, leader.slice(place, place + count));
      expect(entriesOf(short)).toEqual(entriesOf(whole));
    }),
  );
});
