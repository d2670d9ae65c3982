/**
 * Codes: where a walk through a decision tree stands, in one integer.
 *
 * The low two bits say what the rest is: a place to go on from, a leaf, or a list of codes (the outcomes of a choice).
 * `unknown` has not been learned; `nothing` ends the walk without effect: the action is disabled, the property holds.
 */
export const unknown = 0;
export const nothing = 1;

const placeTag = 0;
const leafTag = 1;
const listTag = 2;

/** The code of a node of the forest, or of a step of the compiled relation; numbered from one. */
export const placeCode = (id: number): number => (id << 2) | placeTag;
/** The code of a leaf, numbered from one. */
export const leafCode = (id: number): number => (id << 2) | leafTag;
/** The code of a list that starts at `offset`, which is positive. */
export const listCode = (offset: number): number => (offset << 2) | listTag;

export const isPlace = (code: number): boolean => (code & 3) === placeTag;
export const isLeaf = (code: number): boolean => (code & 3) === leafTag;
export const isList = (code: number): boolean => (code & 3) === listTag;

/** The number inside a code. */
export const idOf = (code: number): number => code >>> 2;
