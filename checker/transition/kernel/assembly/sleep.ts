/**
 * Sleep sets: which of the enabled steps need not be followed, and which need not be after each of the others. See
 * `sleep-sets.ts`.
 */
import { codes } from './enabled-steps.ts';
import { ask, get, set } from './memory.ts';
import * as p from './places.ts';

/** Lists the leaves of the steps that do not sleep; returns how many there are. */
export function sift(from: i32, bytes: i32): i32 {
  const asleep = get(p.asleep);
  const awake = get(p.awake);
  for (let w = 0; w < bytes; w += 4) {
    set(asleep + w, get(from + w));
    set(awake + w, 0);
  }
  const list = get(p.codeList);
  const first = get(p.leafList);
  let to = first;
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    const at = code & ~3;
    if ((code & 3) == 1) {
      to = wake(at, to, asleep, awake);
      if (to == 0) return 0;
      continue;
    }
    const mask = get(at + p.listMask);
    if (mask == 0) {
      ask(p.askMask, at, 0);
      return 0;
    }
    if (mask > 0 && isWithin(mask, asleep, bytes)) continue;
    let item = at + p.listItems;
    for (const end = item + (get(at + p.listLeaves) << 2); item < end; item += 4) {
      to = wake(get(item), to, asleep, awake);
      if (to == 0) return 0;
    }
  }
  return (to - first) >>> 2;
}

/** Whether a mask has no step that another has not. */
function isWithin(mask: i32, other: i32, bytes: i32): boolean {
  for (let w = 0; w < bytes; w += 4) if ((get(mask + w) & ~get(other + w)) != 0) return false;
  return true;
}

/** Lists a leaf, unless its step sleeps; returns the end of the list, or 0 where the step has to be asked. */
function wake(leaf: i32, to: i32, asleep: i32, awake: i32): i32 {
  const sleeper = get(leaf + p.leafSleeper);
  if (sleeper == 0) {
    ask(p.askSleeper, leaf, 0);
    return 0;
  }
  const bit = get(sleeper + p.sleeperBit);
  if (bit >= 0) {
    const word = (bit >>> 5) << 2;
    const step = 1 << (bit & 31);
    if ((get(asleep + word) & step) != 0) return to;
    set(awake + word, get(awake + word) | step);
  }
  set(to, leaf);
  return to + 4;
}

/** Lets a step sleep after all that were listed: it changes nothing. */
export function rest(leaf: i32): void {
  const bit = get(get(leaf + p.leafSleeper) + p.sleeperBit);
  if (bit < 0) return;
  const at = get(p.asleep) + ((bit >>> 5) << 2);
  set(at, get(at) | (1 << (bit & 31)));
}

/** Writes the sleep set of the successor by a leaf; returns whether the enabled leaves are mapped. */
export function successor(leaf: i32, target: i32, bytes: i32, wasMapped: boolean): boolean {
  const sleeper = get(leaf + p.leafSleeper);
  let isMapped = wasMapped;
  if (get(sleeper + p.sleeperBit) == p.late) {
    for (let w = 0; w < bytes; w += 4) set(target + w, 0);
    return isMapped;
  }
  if (get(sleeper + p.sleeperIsCompared) == 0) {
    ask(p.askComparison, leaf, 0);
    return isMapped;
  }
  const asleep = get(p.asleep);
  const awake = get(p.awake);
  const earlier = sleeper + p.sleeperMasks;
  const free = earlier + bytes;
  const bound = free + bytes;
  const again = bound + bytes;
  for (let w = 0; w < bytes; w += 4) {
    let mask = (get(asleep + w) | (get(awake + w) & get(earlier + w))) & get(free + w);
    const doubtful = mask & get(bound + w);
    if (doubtful != 0) {
      if (!isMapped) isMapped = mapLeaves();
      if (!isMapped) return false;
      mask = decide(leaf, sleeper, w << 3, mask, doubtful);
    }
    set(target + w, mask | get(again + w));
  }
  return isMapped;
}

/** Notes the leaf of each enabled step; returns whether all steps are known. */
function mapLeaves(): boolean {
  const list = get(p.codeList);
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    const at = code & ~3;
    if ((code & 3) == 1) {
      if (!mapLeaf(at)) return false;
      continue;
    }
    let item = at + p.listItems;
    for (const end = item + (get(at + p.listLeaves) << 2); item < end; item += 4) if (!mapLeaf(get(item))) return false;
  }
  return true;
}

function mapLeaf(leaf: i32): boolean {
  const sleeper = get(leaf + p.leafSleeper);
  if (sleeper == 0) {
    ask(p.askSleeper, leaf, 0);
    return false;
  }
  const bit = get(sleeper + p.sleeperBit);
  if (bit >= 0) set(get(p.leafOfStep) + (bit << 2), leaf);
  return true;
}

/** Takes out of a mask the steps whose leaf at hand does not commute with a leaf, of those that are in doubt. */
function decide(leaf: i32, sleeper: i32, firstBit: i32, mask: i32, doubtful: i32): i32 {
  const pairs = get(sleeper + p.sleeperPairs);
  let decided = mask;
  for (let left = doubtful; left != 0; left &= left - 1) {
    const bit = ctz(left);
    const other = get(get(p.leafOfStep) + ((firstBit + bit) << 2));
    const known = pairs == 0 ? 0 : <i32>load<u8>(<usize>(pairs + get(get(other + p.leafSleeper) + p.sleeperMember)));
    if (known == 0) {
      ask(p.askPair, leaf, other);
      return 0;
    }
    if (known == 2) decided &= ~(1 << bit);
  }
  return decided;
}
