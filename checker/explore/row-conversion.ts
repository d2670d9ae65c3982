/**
 * Rows in another form: the same states, stored in another layout or in other fields of the same one.
 */
import { carry, type Compiled, type Layout } from '../transition/index.ts';
import type { StateStore } from './state-store.ts';

/** Gives every group of the layout a wider field, and packs all rows of the store anew. */
export function repackRows(store: StateStore, layout: Layout): void {
  const { fieldWord, fieldShift, fieldMax } = layout;
  const count = fieldWord.length;
  layout.pack();
  const ids = layout.newIds();
  store.relayout(layout.words, (old, from, rows, to) => {
    for (let g = 0; g < count; g++) {
      const word = old[from + (fieldWord[g] as number)] as number;
      ids[g] = (word >>> (fieldShift[g] as number)) & (fieldMax[g] as number);
    }
    layout.write(ids, rows, to);
  });
}

/** Carries all rows of the store, which are of the layout that `from` was compiled for, over to another layout. */
export function carryRows(store: StateStore, from: Compiled, layout: Layout): void {
  const old = from.layout;
  const ids = old.newIds();
  const next = new Int32Array(layout.groups.length + 4096);
  const convert = carry(from, layout);
  for (let row = 0; row < store.count; row++) {
    old.unpack(store.rows, row * old.words, ids);
    convert(ids, next);
  }
  layout.pack();
  store.relayout(layout.words, (rows, start, to, at) => {
    old.unpack(rows, start, ids);
    convert(ids, next);
    layout.write(next, to, at);
  });
}
