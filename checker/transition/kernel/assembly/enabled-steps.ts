/**
 * The enabled steps of a row: codes of leaves, and of lists of leaves.
 */
import { ask, cell, count, get, nothing, set, told, unknown } from './memory.ts';
import * as p from './places.ts';

/** How many codes there are, behind which the enabled steps were found. */
export let codes: i32 = 0;

/** Finds the enabled steps of the state before a step; what is not known is asked. */
export function gatherAll(): void {
  codes = 0;
  const agenda = get(p.actions);
  let entry = agenda + p.agendaEntries;
  const groups = get(agenda + p.agendaGroups);
  for (let i = 0; i < groups; i++, entry += p.entrySize) {
    const code = told(entry + p.entrySource);
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
    const next = behind(get(item));
    if (next != nothing && !gather(next)) return false;
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

/** What a place of a list leads to, where a single group tells; the place itself where not. Most often that is nothing. */
export function behind(place: i32): i32 {
  if (get(place + p.placeKind) != p.byGroup) return place;
  const code = told(place + p.placeSource);
  return code == unknown ? place : code;
}

/** Goes on from places until a leaf, a list or nothing; `unknown` where that has to be asked. */
export function follow(from: i32): i32 {
  let code = from;
  while ((code & 3) == 0) {
    const place = code;
    const kind = get(place + p.placeKind);
    if (kind == p.byGroup) {
      code = told(place + p.placeSource);
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
    const kind = told(part + p.partSource);
    if (kind == 0) {
      ask(p.askClass, fold, i);
      return -1;
    }
    signature |= (kind - 1) << get(part + p.partShift);
  }
  return signature;
}

export function countLeaves(): i32 {
  const list = get(p.codeList);
  let leaves = 0;
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    leaves += (code & 3) == 1 ? 1 : get((code & ~3) + p.listLeaves);
  }
  return leaves;
}

export function leavesOf(): void {
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

export function countTaken(): void {
  const list = get(p.codeList);
  for (let i = 0; i < codes; i++) {
    const code = get(list + (i << 2));
    count((code & ~3) + ((code & 3) == 1 ? p.leafTaken : p.listMet));
  }
}
