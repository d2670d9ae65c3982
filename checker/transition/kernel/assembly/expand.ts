/**
 * The inner loop, in AssemblyScript: from rows to their successors, by tables.
 *
 * It does what `Successors.expand` does, for many rows, in the same order, wherever everything is known. Where something is
 * not, it asks: it says what it needs to know, forgets what it did of the row at hand, and is called again when the
 * answer is in the tables. It allocates nothing.
 *
 * Compiled by `npm run kernel` into `module.ts`.
 */
import * as p from './places.ts';

/** `code.ts` */
const unknown: i32 = 0;
const nothing: i32 = 1;

function get(at: i32): i32 {
  return load<i32>(<usize>at);
}

function set(at: i32, value: i32): void {
  store<i32>(<usize>at, value);
}

/** Adds one to a count of 64 bits. */
function count(at: i32): void {
  store<i64>(<usize>at, load<i64>(<usize>at) + 1);
}

let question: i32 = 0;

function ask(what: i32, subject: i32, detail: i32): void {
  question = what;
  set(p.subject, subject);
  set(p.detail, detail);
}

/** The code, or the cell, that a table has for a number; 0 where it is not known. */
function cell(table: i32, length: i32, id: i32): i32 {
  return <u32>id < <u32>length ? get(table + (id << 2)) : 0;
}

/** How many codes there are, behind which the enabled steps were found. */
let codes: i32 = 0;

/** Expands rows until all are, or something has to be asked; returns the question. */
export function expand(): i32 {
  const end = get(p.inputCount);
  question = p.done;
  for (let row = get(p.row); row < end; row++) {
    set(p.judged, 0);
    expandRow(row);
    if (question != p.done) break;
    set(p.row, row + 1);
  }
  return question;
}

function expandRow(row: i32): void {
  const start = get(p.inputRows) + row * get(p.rowBytes);
  unpack(start);
  codes = 0;
  gatherAll();
  if (question != p.done) return;
  const sleepBytes = get(p.sleepBytes);
  const enabled = countLeaves();
  let followed = enabled;
  if (enabled > get(p.listRoom)) {
    ask(p.leaveRow, 0, 0);
    return;
  }
  if (sleepBytes == 0) leavesOf();
  else followed = sift(get(p.inputAsleep) + row * sleepBytes, sleepBytes);
  if (question != p.done) return;
  if (get(p.batchCount) + followed >= get(p.batchRoom)) {
    ask(p.askRoom, followed, 0);
    return;
  }
  if (get(p.judges) != 0) judge();
  if (question != p.done) return;
  const first = get(p.batchCount);
  const k = write(followed, start, get(p.firstRow) + row, first, sleepBytes != 0);
  if (question != p.done) return;
  if (sleepBytes != 0) {
    const kept = get(p.batchRecords) + (first << 2);
    let target = get(p.batchAsleep) + first * sleepBytes;
    let isMapped = false;
    for (let i = 0; i < k - first; i++, target += sleepBytes) {
      isMapped = successor(get(kept + (i << 2)), target, sleepBytes, isMapped);
      if (question != p.done) return;
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

function unpack(start: i32): void {
  let id = get(p.before);
  let field = get(p.fields);
  const end = field + get(p.groupCount) * p.fieldSize;
  for (; field < end; field += p.fieldSize, id += 4) {
    set(id, (get(start + get(field)) >>> get(field + 4)) & get(field + 8));
  }
}

// --- the enabled steps -------------------------------------------------------------------------------------------

function gatherAll(): void {
  const agenda = get(p.actions);
  let entry = agenda + p.agendaEntries;
  const groups = get(agenda + p.agendaGroups);
  for (let i = 0; i < groups; i++, entry += p.entrySize) {
    const code = cell(get(entry + p.entryTable), get(entry + p.entryLength), get(get(entry + p.entrySource)));
    if (code == nothing) continue;
    if (code == unknown) {
      ask(p.askAgenda, agenda, i);
      return;
    }
    if (!gather(code)) return;
  }
  for (let end = entry + (get(agenda + p.agendaAlways) << 2); entry < end; entry += 4) {
    if (!gather(get(entry))) return;
  }
}

/** Walks from a code to its leaves; returns whether all is known. */
function gather(from: i32): boolean {
  const code = follow(from);
  if (code == unknown) return false;
  if (code == nothing) return true;
  if ((code & 3) == 1) return note(code);
  const at = code & ~3;
  const leaves = get(at + p.listLeaves);
  if (leaves > 0 && !note(code)) return false;
  let item = at + p.listItems + (leaves << 2);
  for (const end = item + (get(at + p.listPlaces) << 2); item < end; item += 4) {
    let next = get(item);
    // Most often a single group tells, and most often that there is nothing.
    if (get(next + p.placeKind) == p.byGroup) {
      const known = cell(get(next + p.placeTable), get(next + p.placeLength), get(get(next + p.placeSource)));
      if (known == nothing) continue;
      if (known != unknown) next = known;
    }
    if (!gather(next)) return false;
  }
  return true;
}

/** Notes a code behind which there are enabled steps; returns whether there is room. */
function note(code: i32): boolean {
  if (codes == get(p.listRoom)) {
    ask(p.leaveRow, 0, 0);
    return false;
  }
  set(get(p.codeList) + (codes++ << 2), code);
  return true;
}

/** Goes on from places until a leaf, a list or nothing; `unknown` where that has to be asked. */
function follow(from: i32): i32 {
  let code = from;
  while ((code & 3) == 0) {
    const place = code;
    const kind = get(place + p.placeKind);
    if (kind == p.byGroup) {
      code = cell(get(place + p.placeTable), get(place + p.placeLength), get(get(place + p.placeSource)));
    } else if (kind == p.byFold) {
      const signature = signatureOf(get(place + p.placeSource));
      if (signature < 0) return unknown;
      code = cell(get(place + p.placeTable), get(place + p.placeLength), signature);
    } else if (kind == p.steady) code = get(place + p.placeSource);
    else {
      if (kind == p.opaque) ask(p.leaveRow, 0, 0);
      else ask(p.askPlace, place, 0);
      return unknown;
    }
    if (code == unknown) {
      ask(p.askCell, place, 0);
      return unknown;
    }
  }
  return code;
}

/** What the groups contribute to a fold; -1 where that has to be asked. */
function signatureOf(fold: i32): i32 {
  const parts = get(fold + p.foldCount);
  let part = fold + p.foldParts;
  let signature = 0;
  for (let i = 0; i < parts; i++, part += p.partSize) {
    const kind = cell(get(part + p.partTable), get(part + p.partLength), get(get(part + p.partSource)));
    if (kind == 0) {
      ask(p.askClass, fold, i);
      return -1;
    }
    signature |= (kind - 1) << get(part + p.partShift);
  }
  return signature;
}

function countLeaves(): i32 {
  const list = get(p.codeList);
  let leaves = 0;
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    leaves += (code & 3) == 1 ? 1 : get((code & ~3) + p.listLeaves);
  }
  return leaves;
}

function leavesOf(): void {
  const list = get(p.codeList);
  let to = get(p.leafList);
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    const at = code & ~3;
    if ((code & 3) == 1) {
      set(to, at);
      to += 4;
      continue;
    }
    let item = at + p.listItems;
    for (const end = item + (get(at + p.listLeaves) << 2); item < end; item += 4, to += 4) set(to, get(item));
  }
}

function countTaken(): void {
  const list = get(p.codeList);
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    count((code & ~3) + ((code & 3) == 1 ? p.leafTaken : p.listMet));
  }
}

// --- sleep sets --------------------------------------------------------------------------------------------------

/** Lists the leaves of the steps that do not sleep; returns how many there are. */
function sift(from: i32, bytes: i32): i32 {
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
function rest(leaf: i32): void {
  const bit = get(get(leaf + p.leafSleeper) + p.sleeperBit);
  if (bit < 0) return;
  const at = get(p.asleep) + ((bit >>> 5) << 2);
  set(at, get(at) | (1 << (bit & 31)));
}

/** Writes the sleep set of the successor by a leaf; returns whether the enabled leaves are mapped. */
function successor(leaf: i32, target: i32, bytes: i32, wasMapped: boolean): boolean {
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

// --- judging steps -----------------------------------------------------------------------------------------------

/** Judges the enabled steps by what each may break. A row with a step that fails is left. */
function judge(): void {
  const list = get(p.codeList);
  // The state after a step is that before it, where no step is being judged.
  standStill();
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    const at = code & ~3;
    if ((code & 3) == 1) {
      if (!judgeLeaf(at)) return;
      continue;
    }
    const watch = get(at + p.listWatch);
    if (watch == 0) {
      ask(p.askListWatch, at, 0);
      return;
    }
    if (!isAnyOpen(watch)) continue;
    let item = at + p.listItems;
    for (const end = item + (get(at + p.listLeaves) << 2); item < end; item += 4) if (!judgeLeaf(get(item))) return;
  }
}

/** Makes the state after a step that before it. */
function standStill(): void {
  memory.copy(<usize>(get(p.before) + get(p.afterDistance)), <usize>get(p.before), <usize>(get(p.groupCount) << 2));
}

function isAnyOpen(watch: i32): boolean {
  let agenda = watch + 4;
  for (const end = agenda + (get(watch) << 2); agenda < end; agenda += 4) if (isOpen(get(agenda))) return true;
  return false;
}

/** Whether the state before a step does not settle an agenda. */
function isOpen(agenda: i32): boolean {
  if (get(agenda + p.agendaIsOpen) != 0) return true;
  let entry = agenda + p.agendaEntries;
  for (const end = entry + get(agenda + p.agendaGroups) * p.entrySize; entry < end; entry += p.entrySize) {
    if (cell(get(entry + p.entryTable), get(entry + p.entryLength), get(get(entry + p.entrySource))) != nothing)
      return true;
  }
  return false;
}

/** Judges the step by a leaf; returns whether the next one is to be judged. */
function judgeLeaf(leaf: i32): boolean {
  const agenda = get(leaf + p.leafWatch);
  if (agenda == 0) {
    ask(p.askWatch, leaf, 0);
    return false;
  }
  if (!isOpen(agenda)) return true;
  const deltas = get(leaf + p.leafDeltas);
  if (deltas == 0) {
    ask(p.askDeltas, leaf, 0);
    return false;
  }
  const distance = get(p.afterDistance);
  const end = deltas + (get(leaf + p.leafDeltaCount) << 2);
  let changes = 0;
  for (let d = deltas; d < end; d += 4) {
    const delta = get(d);
    const source = get(delta + p.deltaSource);
    const id = get(source);
    const known = cell(get(delta + p.deltaTable), get(delta + p.deltaLength), id);
    if (known == 0) {
      ask(p.askDelta, delta, 0);
      return false;
    }
    changes |= known - 1;
    set(source + distance, id ^ (known - 1));
  }
  if (changes == 0) return true;
  set(p.judged, leaf);
  const holds = agendaHolds(agenda);
  if (question == p.done && !holds) ask(p.leaveRow, 0, 0);
  if (question != p.done) return false;
  set(p.judged, 0);
  for (let d = deltas; d < end; d += 4) {
    const source = get(get(d) + p.deltaSource);
    set(source + distance, get(source));
  }
  return true;
}

function agendaHolds(agenda: i32): boolean {
  let entry = agenda + p.agendaEntries;
  const groups = get(agenda + p.agendaGroups);
  for (let i = 0; i < groups; i++, entry += p.entrySize) {
    const code = cell(get(entry + p.entryTable), get(entry + p.entryLength), get(get(entry + p.entrySource)));
    if (code == nothing) continue;
    if (code == unknown) {
      ask(p.askAgenda, agenda, i);
      return false;
    }
    if (!holds(code)) return false;
  }
  for (let end = entry + (get(agenda + p.agendaAlways) << 2); entry < end; entry += 4) {
    if (!holds(get(entry))) return false;
  }
  return true;
}

/** Whether a property's code comes to nothing. */
function holds(from: i32): boolean {
  const code = follow(from);
  if (code == nothing) return true;
  if (code == unknown || (code & 3) == 1) return false;
  const at = code & ~3;
  if (get(at + p.listLeaves) > 0) return false;
  let item = at + p.listItems;
  for (const end = item + (get(at + p.listPlaces) << 2); item < end; item += 4) {
    let next = get(item);
    if (get(next + p.placeKind) == p.byGroup) {
      const known = cell(get(next + p.placeTable), get(next + p.placeLength), get(get(next + p.placeSource)));
      if (known == nothing) continue;
      if (known != unknown) next = known;
    }
    if (!holds(next)) return false;
  }
  return true;
}

/** Judges successors until all are, or something has to be asked; returns the question. */
export function judgeStates(): i32 {
  const end = get(p.candidateCount);
  const candidates = get(p.candidates);
  const records = get(p.batchRecords);
  const found = get(p.batchKnown);
  const rows = get(p.batchRows);
  const rowBytes = get(p.rowBytes);
  const judges = get(p.judges) != 0;
  question = p.done;
  set(p.judged, 0);
  for (let i = get(p.candidate); i < end; i++) {
    const k = get(candidates + (i << 2));
    const leaf = get(records + (k << 2));
    const known = leaf == 0 ? 0 : judgeState(leaf, rows + k * rowBytes, judges);
    if (question != p.done) break;
    set(found + (k << 2), known);
    set(p.candidate, i + 1);
  }
  return question;
}

/** What is known to hold in the state that a leaf led to. */
function judgeState(leaf: i32, start: i32, judges: boolean): i32 {
  const invariants = get(leaf + p.leafInvariants);
  if (invariants == 0) {
    ask(p.askInvariants, leaf, 0);
    return 0;
  }
  const watch = judges ? get(leaf + p.leafWatch) : 0;
  if (judges && watch == 0) {
    ask(p.askWatch, leaf, 0);
    return 0;
  }
  const stands = !judges || isEmpty(watch);
  if (stands && isEmpty(invariants)) return p.holds | p.rests;
  unpack(start);
  let known = agendaHolds(invariants) ? p.holds : 0;
  if (question != p.done) return 0;
  if (!stands) standStill();
  if (stands || agendaHolds(watch)) known |= p.rests;
  return known;
}

function isEmpty(agenda: i32): boolean {
  return get(agenda + p.agendaGroups) == 0 && get(agenda + p.agendaAlways) == 0;
}

// --- successors --------------------------------------------------------------------------------------------------

/** `batch.ts` */
function mix(hash: i32, word: i32): i32 {
  let h: i32 = (hash ^ word) * <i32>0x9e3779b1;
  h ^= h >>> 15;
  h = h * <i32>0x85ebca6b;
  return h ^ (h >>> 13);
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
      const known = cell(get(delta + p.deltaTable), get(delta + p.deltaLength), get(get(delta + p.deltaSource)));
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
