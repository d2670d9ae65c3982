/**
 * Lists of codes, as a relation keeps them in one array: at the offset of a list stand the number of its leaves and that
 * of its places, then the leaves, and then the codes of the places. Here the places have been followed already, and a list
 * stands for its leaves.
 */
import { idOf, isLeaf } from './code.ts';
import type { IntList } from './int-tables.ts';

/** How many leaves some codes of leaves and lists stand for. */
export function countLeaves(lists: Int32Array, codes: IntList): number {
  let count = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes.at(i);
    count += isLeaf(code) ? 1 : (lists[idOf(code)] as number);
  }
  return count;
}

/** Replaces what `leaves` holds by the leaves that some codes of leaves and lists stand for. */
export function leavesOf(lists: Int32Array, codes: IntList, leaves: IntList): void {
  leaves.length = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes.at(i);
    const at = idOf(code);
    if (isLeaf(code)) leaves.push(at);
    else for (let j = at + 2, end = j + (lists[at] as number); j < end; j++) leaves.push(lists[j] as number);
  }
}
