/**
 * Rows in another form: the same states, stored in another layout or in other fields of the same one.
 */
import { carry, type Compiled, type Layout } from '../transition/index.ts';
import type { StoredRows } from './stored-rows.ts';

/**
 * Gives every group of the layout a wider field, and packs all rows anew. Where there is no room for it, rows and layout
 * are what they were.
 */
export function repackRows(store: StoredRows, layout: Layout): void {
  const before = layout.fields;
  const { fieldWord, fieldShift, fieldMax } = before;
  const count = fieldWord.length;
  layout.pack();
  const ids = layout.newIds();
  const done = store.relayout(layout.words, (old, from, rows, to) => {
    for (let g = 0; g < count; g++) {
      const word = old[from + (fieldWord[g] as number)] as number;
      ids[g] = (word >>> (fieldShift[g] as number)) & (fieldMax[g] as number);
    }
    layout.write(ids, rows, to);
  });
  if (!done) layout.fields = before;
}

/**
 * Carries all rows of the store, which are of the layout that `from` was compiled for, over to another layout.
 *
 * @returns whether there was room for it; where there was none, the rows are what they were
 */
export function carryRows(store: StoredRows, from: Compiled, layout: Layout): boolean {
  const old = from.layout;
  const ids = old.newIds();
  const next = new Int32Array(layout.groups.length + 4096);
  const convert = carry(from, layout);
  store.each((rows, start) => {
    old.unpack(rows, start, ids);
    convert(ids, next);
  });
  layout.pack();
  return store.relayout(layout.words, (rows, start, to, at) => {
    old.unpack(rows, start, ids);
    convert(ids, next);
    layout.write(next, to, at);
  });
}
