/** Parents come back as they were stored, however far apart they lie. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ParentLinks } from './parent-links.ts';

const ascending = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 3 }) }, fc.nat({ max: 40_000_000 })), { maxLength: 400 })
  .map((steps) =>
    steps.reduce<number[]>((all, step) => [...all, Math.min(2 ** 31 - 2, (all.at(-1) ?? -1) + step)], []),
  );

test('every row has the parent that was stored', () => {
  fc.assert(
    fc.property(ascending, (parents) => {
      const links = new ParentLinks();
      for (const parent of parents) links.push(parent);
      expect(parents.map((_, row) => links.at(row))).toEqual(parents);
    }),
  );
});

test('every row has the parent that was stored, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1, max: 2 ** 30 })), (parents) => {
      const links = new ParentLinks(true);
      for (const parent of parents) links.push(parent);
      expect(parents.map((_, row) => links.at(row))).toEqual(parents);
    }),
  );
});

test('links that were restored from the bytes of others go on where those ended', () => {
  fc.assert(
    fc.property(ascending, fc.nat(), (parents, at) => {
      const half = parents.length === 0 ? 0 : at % parents.length;
      const first = new ParentLinks();
      for (const parent of parents.slice(0, half)) first.push(parent);
      const second = new ParentLinks();
      second.restore(first.stream.slice());
      for (const parent of parents.slice(half)) second.push(parent);
      expect(second.length).toBe(parents.length);
      expect(parents.map((_, row) => second.at(row))).toEqual(parents);
    }),
  );
});

test('a parent before that of the row before is a mistake of the caller', () => {
  const links = new ParentLinks();
  links.push(5);
  expect(() => links.push(4)).toThrow('rows are stored in the order of their parents');
});
