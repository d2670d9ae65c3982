/**
 * Judging: steps by the transition invariants that each may break, and new states by the invariants. See `step-judge.ts`.
 */
import { behind, codes, follow } from './enabled-steps.ts';
import { ask, asked, begin, get, isAsking, nothing, set, standStill, told, unknown, unpack } from './memory.ts';
import * as p from './places.ts';

/** Judges the enabled steps by what each may break. A row with a step that fails is left. */
export function judge(): void {
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
    if (told(entry + p.entrySource) != nothing) return true;
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
    const known = told(delta + p.deltaSource);
    if (known == 0) {
      ask(p.askDelta, delta, 0);
      return false;
    }
    changes |= known - 1;
    set(source + distance, get(source) ^ (known - 1));
  }
  if (changes == 0) return true;
  set(p.judged, leaf);
  const holds = agendaHolds(agenda);
  if (!isAsking() && !holds) ask(p.leaveRow, 0, 0);
  if (isAsking()) return false;
  set(p.judged, 0);
  for (let d = deltas; d < end; d += 4) {
    const source = get(get(d) + p.deltaSource);
    set(source + distance, get(source));
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
  begin();
  for (let i = get(p.candidate); i < end; i++) {
    const k = get(candidates + (i << 2));
    const leaf = get(records + (k << 2));
    const known = leaf == 0 ? 0 : judgeState(leaf, rows + k * rowBytes, judges);
    if (isAsking()) break;
    set(found + (k << 2), known);
    set(p.candidate, i + 1);
  }
  return asked();
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
  if (isAsking()) return 0;
  if (!stands) standStill();
  if (stands || agendaHolds(watch)) known |= p.rests;
  return known;
}

function isEmpty(agenda: i32): boolean {
  return get(agenda + p.agendaGroups) == 0 && get(agenda + p.agendaAlways) == 0;
}

function agendaHolds(agenda: i32): boolean {
  let entry = agenda + p.agendaEntries;
  const groups = get(agenda + p.agendaGroups);
  for (let i = 0; i < groups; i++, entry += p.entrySize) {
    const code = told(entry + p.entrySource);
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
    const next = behind(get(item));
    if (next != nothing && !holds(next)) return false;
  }
  return true;
}
