/**
 * The inner loop, in AssemblyScript: from rows to their successors, by tables.
 *
 * It does what `Successors.expand` does, for many rows, in the same order, wherever everything is known. Where something is
 * not, it asks: it says what it needs to know, forgets what it did of the row at hand, and is called again when the
 * answer is in the tables. It allocates nothing. New states are judged here, too, once it is known which are new.
 *
 * All files of this folder are compiled by `npm run kernel` into `module.ts`.
 */
import { countLeaves, countTaken, gatherAll, leavesOf } from './enabled-steps.ts';
import { ask, asked, begin, get, isAsking, set, told, unpack } from './memory.ts';
import * as p from './places.ts';
import { judge, judgeStates } from './judge.ts';
import { rest, sift, successor } from './sleep.ts';

export { judgeStates };

/** Expands rows until all are, or something has to be asked; returns the question. */
export function expand(): i32 {
  const end = get(p.inputCount);
  begin();
  for (let row = get(p.row); row < end; row++) {
    expandRow(row);
    if (isAsking()) break;
    set(p.row, row + 1);
  }
  return asked();
}

function expandRow(row: i32): void {
  const start = get(p.inputRows) + row * get(p.rowBytes);
  unpack(start);
  gatherAll();
  if (isAsking()) return;
  const sleepBytes = get(p.sleepBytes);
  const enabled = countLeaves();
  let followed = enabled;
  if (enabled > get(p.listRoom)) {
    ask(p.leaveRow, 0, 0);
    return;
  }
  if (sleepBytes == 0) leavesOf();
  else followed = sift(get(p.inputAsleep) + row * sleepBytes, sleepBytes);
  if (isAsking()) return;
  if (get(p.batchCount) + followed >= get(p.batchRoom)) {
    ask(p.askRoom, followed, 0);
    return;
  }
  if (get(p.judges) != 0) judge();
  if (isAsking()) return;
  const first = get(p.batchCount);
  const k = write(followed, start, get(p.firstRow) + row, first, sleepBytes != 0);
  if (isAsking()) return;
  if (sleepBytes != 0) {
    const kept = get(p.batchRecords) + (first << 2);
    let target = get(p.batchAsleep) + first * sleepBytes;
    let isMapped = false;
    for (let i = 0; i < k - first; i++, target += sleepBytes) {
      isMapped = successor(get(kept + (i << 2)), target, sleepBytes, isMapped);
      if (isAsking()) return;
    }
  }
  set(p.batchCount, k);
  countTaken();
  set(p.enabled, get(p.enabled) + enabled);
  set(p.skipped, get(p.skipped) + enabled - followed);
  if (enabled == 0) {
    const stuck = get(p.stuckCount);
    set(get(p.stuck) + (stuck << 2), get(p.firstRow) + row);
    set(p.stuckCount, stuck + 1);
  }
}

/** Appends the successors by the leaves that are listed; returns how many there are in the batch then. */
function write(leaves: i32, start: i32, parent: i32, first: i32, sleeps: boolean): i32 {
  const rowBytes = get(p.rowBytes);
  const hashes = get(p.batchHashes);
  const parents = get(p.batchParents);
  const numbers = get(p.batchLeaves);
  const records = get(p.batchRecords);
  const remembers = !sleeps && get(p.recentRows) != 0;
  let item = get(p.leafList);
  let to = get(p.batchRows) + first * rowBytes;
  let k = first;
  for (const end = item + (leaves << 2); item < end; item += 4) {
    const leaf = get(item);
    const deltas = get(leaf + p.leafDeltas);
    if (deltas == 0) {
      ask(p.askDeltas, leaf, 0);
      return first;
    }
    for (let w = 0; w < rowBytes; w += 4) set(to + w, get(start + w));
    let changes = 0;
    for (let d = deltas, last = deltas + (get(leaf + p.leafDeltaCount) << 2); d < last; d += 4) {
      const delta = get(d);
      const known = told(delta + p.deltaSource);
      if (known == 0) {
        ask(p.askDelta, delta, 0);
        return first;
      }
      changes |= known - 1;
      const word = to + get(delta + p.deltaWord);
      set(word, get(word) ^ ((known - 1) << get(delta + p.deltaShift)));
    }
    if (changes == 0) {
      if (sleeps) rest(leaf);
      continue;
    }
    let hash = 0;
    for (let w = 0; w < rowBytes; w += 4) hash = mix(hash, get(to + w));
    if (remembers && isRepeated(hash, to, rowBytes, parent)) continue;
    set(hashes + (k << 2), hash);
    set(parents + (k << 2), parent);
    set(numbers + (k << 2), get(leaf + p.leafNumber));
    set(records + (k << 2), leaf);
    to += rowBytes;
    k++;
  }
  return k;
}

/** Whether another parent gave this row a moment ago; if not, it is remembered. */
function isRepeated(hash: i32, at: i32, rowBytes: i32, parent: i32): boolean {
  const entry = hash & (p.recentCount - 1);
  const recent = get(p.recentRows) + entry * rowBytes;
  const giver = get(p.recentParents) + (entry << 2);
  let w = 0;
  while (w < rowBytes && get(recent + w) == get(at + w)) w += 4;
  if (w == rowBytes && get(giver) >= 0) return get(giver) != parent;
  for (w = 0; w < rowBytes; w += 4) set(recent + w, get(at + w));
  set(giver, parent);
  return false;
}

/** `batch.ts` */
function mix(hash: i32, word: i32): i32 {
  let h: i32 = (hash ^ word) * <i32>0x9e3779b1;
  h ^= h >>> 15;
  h = h * <i32>0x85ebca6b;
  return h ^ (h >>> 13);
}
