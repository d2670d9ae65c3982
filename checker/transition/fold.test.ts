import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Fold } from './fold.ts';

/** Contributions of some groups: for each group, one for each of its tuples. */
const tables = fc.array(fc.array(fc.nat(6), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });

describe('a fold over groups', () => {
  it('gives two states one signature exactly when every group contributes the same', () => {
    fc.assert(
      fc.property(tables, fc.array(fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 })), (contributions, picks) => {
        const groups = contributions.map((_, group) => group);
        const fold = new Fold(groups, (group, tuple) => contributions[group]![tuple]!);
        const states = picks.map((pick) => Int32Array.from(contributions, (table, i) => pick[i]! % table.length));
        for (const ids of states) fold.signature(ids);
        const { generation } = fold;
        const signatures = states.map((ids) => fold.signature(ids));
        expect(fold.generation).toBe(generation);
        const given = states.map((ids) => groups.map((i) => fold.contribution(i, ids)));
        expect(given).toEqual(states.map((ids) => contributions.map((table, i) => table[ids[i]!])));
        for (const [i, a] of signatures.entries()) {
          for (const [j, b] of signatures.entries()) expect(a === b).toBe(given[i]!.join() === given[j]!.join());
        }
      }),
    );
  });

  it('forgets what was kept by signature when signatures mean something else', () => {
    const fold = new Fold([0], (_, tuple) => tuple);
    const first = fold.signature(Int32Array.of(5));
    fold.keep(first, 7);
    expect(fold.answer(first)).toBe(7);
    const { generation } = fold;
    fold.signature(Int32Array.of(6));
    expect(fold.generation).not.toBe(generation);
    expect(fold.answer(fold.signature(Int32Array.of(5)))).toBe(-1);
  });

  it('has no signatures where there are too many different contributions', () => {
    const fold = new Fold([0], (_, tuple) => tuple);
    for (let tuple = 0; tuple < 1 << 14; tuple++) expect(fold.signature(Int32Array.of(tuple))).toBe(tuple);
    expect(fold.signature(Int32Array.of(1 << 14))).toBe(-1);
    expect(fold.signature(Int32Array.of(0))).toBe(-1);
    expect(fold.contribution(0, Int32Array.of(3))).toBe(3);
  });
});
