/**
 * What was learned, and what a layout has gained, since a mark, as bytes: interned values, queries, nodes and leaves of
 * the forest, atoms, tuples, and the fields of the row.
 *
 * All of this only grows between two packings of the rows, and its numbers are given in order. So the bytes since a
 * mark, replayed where all stands at that mark, make it the same: equal states have equal rows, and equal steps equal
 * leaves. A checkpoint appends such bytes to a file, and workers are sent them.
 *
 * The forest has to go with the rows. That a property need not be judged again after a step that writes nothing it read
 * is known from what it was seen to read in the states before; a forest that has not seen them knows too little.
 *
 * The order in which atoms and tuples came is not kept. It need not be: a tuple that was interned before its group got
 * another atom is that tuple with a zero there.
 */
import { assert } from '../core/index.ts';
import { ByteReader, ByteWriter } from '../value/index.ts';
import type { TupleTable } from './int-tables.ts';
import type { Layout } from './layout.ts';
import type { Compiled, LearnedSystem } from './learned-system.ts';

/** How much of what was learned, and of a layout, is known elsewhere. */
export class GrowthMark {
  values = 0;
  queries = 0;
  nodes = 0;
  leaves = 1;
  links = 0;
  directs = 0;
  atoms = 0;
  /** The tuples of each group. */
  readonly tuples: number[] = [];
}

/** Whether anything was learned, or a layout has gained something, since a mark. Cost: less than to write that nothing was. */
export function hasGrown({ layout, learned }: Compiled, mark: GrowthMark): boolean {
  const { values, learner } = learned;
  if (values.size > mark.values || layout.atomCount > mark.atoms || learner.hasGrown(mark)) return true;
  return layout.groups.some(({ count }, group) => count > (mark.tuples[group] ?? 0));
}

/** What was learned, and what a layout has gained, since a mark; the mark moves to where all stands. */
export function growthSince({ layout, learned }: Compiled, mark: GrowthMark): Uint8Array {
  const writer = new ByteWriter(1 << 10);
  learned.values.write(writer, mark.values);
  mark.values = learned.values.size;
  learned.learner.write(writer, mark);
  writeLayout(writer, layout, mark);
  return writer.bytes();
}

function writeLayout(writer: ByteWriter, layout: Layout, mark: GrowthMark): void {
  writer.varint(layout.atomCount - mark.atoms);
  for (let atom = mark.atoms; atom < layout.atomCount; atom++) {
    const group = layout.groupOfAtom(atom);
    const [slot, key] = (layout.members[group] as [number, number][])[layout.positionOfAtom(atom)] as [number, number];
    for (const n of [group, slot, key]) writer.varint(n);
  }
  mark.atoms = layout.atomCount;
  layout.groups.forEach((table, group) => {
    writeTuples(writer, table, mark.tuples[group] ?? 0);
    mark.tuples[group] = table.count;
  });
  const { words, freeBits, fieldWord, fieldShift, fieldMax } = layout.fields;
  writer.varint(words);
  writer.varint(freeBits);
  for (const field of [fieldWord, fieldShift, fieldMax]) for (const n of field) writer.varint(n);
}

function writeTuples(writer: ByteWriter, { width, count, items }: TupleTable, from: number): void {
  writer.varint(count - from);
  for (let i = from * width; i < count * width; i++) writer.varint(items[i] as number);
}

/**
 * Makes what was learned, and a layout, stand where others stood when they gave these bytes; the bytes begin where these
 * stand now.
 *
 * @throws BivalentError `value/bytes` where the bytes are damaged
 */
export function grow({ values, learner }: LearnedSystem, layout: Layout, bytes: Uint8Array): void {
  const reader = new ByteReader(bytes);
  values.read(reader);
  // What is called directly from now on begins elsewhere.
  if (learner.read(reader)) layout.version++;
  readLayout(reader, layout);
}

function readLayout(reader: ByteReader, layout: Layout): void {
  for (let left = reader.varint(); left > 0; left--) {
    const group = reader.varint();
    layout.addAtom(group, reader.varint(), reader.varint());
  }
  for (const table of layout.groups) readTuples(reader, table);
  const words = reader.varint();
  const freeBits = reader.varint();
  const read = (): Int32Array<ArrayBuffer> => Int32Array.from(layout.groups, () => reader.varint());
  layout.fields = { words, freeBits, fieldWord: read(), fieldShift: read(), fieldMax: read() };
}

function readTuples(reader: ByteReader, table: TupleTable): void {
  const tuple = new Int32Array(table.width);
  for (let left = reader.varint(); left > 0; left--) {
    for (let i = 0; i < tuple.length; i++) tuple[i] = reader.varint();
    const next = table.count;
    assert(table.intern(tuple) === next, 'a tuple gets the number that it had');
  }
}
