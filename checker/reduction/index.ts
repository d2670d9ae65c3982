/** Reductions: which states need not be told apart, since user code treats them alike. */
export { ampleSets, partialOrderRefusal } from './ample-sets.ts';
export type { Precision } from './canonical-rows.ts';
export type { NameSet } from './swaps.ts';
export { seeminglySymmetric, symmetryOf } from './symmetry.ts';
