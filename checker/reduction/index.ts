/** Reductions: which states need not be told apart, since user code treats them alike. */
export type { Precision } from './canonical-rows.ts';
export type { NameSet } from './swaps.ts';
export { seeminglySymmetric, symmetryOf } from './symmetry.ts';
