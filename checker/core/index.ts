/** What every other folder may use: errors, assertions, randomness, purity. */
export { assert } from './assert.ts';
export { BivalentError } from './errors.ts';
export type { ErrorCode, ErrorDetails } from './errors.ts';
export { framesOf, locationOf } from './location.ts';
export type { StackFrame } from './location.ts';
export { nearest } from './nearest.ts';
export { enterUserCode, guardGlobals, leaveUserCode, runningUserCode } from './purity.ts';
export type { Running } from './purity.ts';
export { seededRandom } from './random.ts';
export type { Random } from './random.ts';
