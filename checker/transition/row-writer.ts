/**
 * From leaves to rows: copies of a row with the fields of the changed groups replaced.
 *
 * This is the inner loop of a search. A change of a group is one exclusive or: the table of a delta holds, for each tuple
 * of its group, in what bits the next tuple's number differs.
 *
 * Neighbouring states share successors. Those of late are remembered, by their hash, with the parents that gave them:
 * what is found there need not be looked up in the large table. A successor that the same parent gave already is not
 * taken from there, since of two such steps the earlier in the order of the spec counts.
 */
import { mix, type Batch } from './batch.ts';
import { IntList } from './int-tables.ts';
import type { Relation } from './relation.ts';

/** How many successors are remembered: few enough to stay in the processor's cache. A power of two. */
const recentRows = 1 << 14;

export class RowWriter {
  readonly #relation: Relation;
  #recent: Int32Array<ArrayBuffer>;
  readonly #recentParents = new Int32Array(recentRows).fill(-1);
  /** Where the deltas of each leaf at hand begin. */
  readonly #starts = new IntList();

  constructor(relation: Relation) {
    this.#relation = relation;
    this.#recent = new Int32Array(recentRows * relation.layout.words);
  }

  /** Forgets the successors of late: some were not stored, or rows are packed in another way now. */
  forget(): void {
    this.#recent = new Int32Array(recentRows * this.#relation.layout.words);
    this.#recentParents.fill(-1);
  }

  /**
   * Appends the successors that leaves make of a row whose group numbers are `relation.before`.
   *
   * @param all - whether also those that need no look-up are appended: the row itself, and successors of late
   * @throws RowsOutgrown where the rows must be packed anew; the batch may then hold some of the successors
   */
  write(leaves: IntList, row: Int32Array, start: number, parent: number, batch: Batch, all: boolean): void {
    const { effects, layout, before: ids } = this.#relation;
    this.#compile(leaves);
    while (batch.count + leaves.length >= batch.capacity) batch.grow();
    const { rows, hashes, parents, sleep } = batch;
    const { words, fieldShift, fieldWord } = layout;
    const pool = effects.pool.items;
    const starts = this.#starts.items;
    let { cells } = effects;
    let tables = effects.tables.items;
    // Where steps sleep, hardly any successor is repeated.
    const remembers = !all && sleep === undefined;
    let k = batch.count;
    for (let j = 0; j < leaves.length; j++) {
      const at = k * words;
      for (let w = 0; w < words; w++) rows[at + w] = row[start + w] as number;
      let changes = 0;
      const from = starts[j] as number;
      for (let i = from + 1, end = from + 2 * (pool[from] as number); i < end; i += 2) {
        const delta = pool[i] as number;
        const group = pool[i + 1] as number;
        const id = ids[group] as number;
        let cell = id < (tables[2 * delta + 1] as number) ? (cells[(tables[2 * delta] as number) + id] as number) : 0;
        if (cell === 0) {
          cell = effects.fill(delta, group, id);
          ({ cells } = effects);
          tables = effects.tables.items;
        }
        const difference = cell - 1;
        changes |= difference;
        const word = at + (fieldWord[group] as number);
        rows[word] = (rows[word] as number) ^ (difference << (fieldShift[group] as number));
      }
      if (changes === 0 && !all) {
        if (sleep !== undefined) sleep.rest(leaves.at(j));
        continue;
      }
      let hash = 0;
      for (let w = 0; w < words; w++) hash = mix(hash, rows[at + w] as number);
      if (remembers && this.#isRepeated(hash, rows, at, words, parent)) continue;
      hashes[k] = hash;
      parents[k] = parent;
      batch.leaves[k] = leaves.at(j);
      k++;
    }
    if (sleep !== undefined) {
      for (let i = batch.count; i < k; i++) {
        sleep.successor(batch.leaves[i] as number, batch.asleep, i * sleep.words);
      }
    }
    batch.count = k;
  }

  /** Finds where the deltas of some leaves begin: compiling a leaf may add an entry or a group to the layout. */
  #compile(leaves: IntList): void {
    const { effects } = this.#relation;
    const starts = this.#starts;
    starts.length = 0;
    for (let j = 0; j < leaves.length; j++) {
      const leaf = leaves.at(j);
      const known = leaf < effects.starts.length ? (effects.starts[leaf] as number) : 0;
      starts.push(known === 0 ? effects.startOf(leaf, this.#relation.leaf(leaf).effects) : known);
    }
  }

  /** Whether another parent gave this row a moment ago; if not, it is remembered. */
  #isRepeated(hash: number, rows: Int32Array, at: number, words: number, parent: number): boolean {
    const recent = this.#recent;
    const entry = hash & (recentRows - 1);
    const from = entry * words;
    const giver = this.#recentParents[entry] as number;
    let w = 0;
    while (w < words && recent[from + w] === rows[at + w]) w++;
    if (w === words && giver >= 0) return giver !== parent;
    for (w = 0; w < words; w++) recent[from + w] = rows[at + w] as number;
    this.#recentParents[entry] = parent;
    return false;
  }
}
