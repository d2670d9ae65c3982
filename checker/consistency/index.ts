/**
 * Consistency models, and testers that decide whether a client history satisfies them.
 *
 * Everything here is pure: histories are plain arrays, and nothing reads files or clocks.
 */
export { checkLinearizable, linearizable, type LinearizabilityResult, type PartResult } from './linearizable.ts';
export { illegal, powerset, type Call, type NondeterministicModel, type SequentialModel } from './model.ts';
export { multiRegister, register, type RegisterOptions } from './models/register.ts';
export { keyValue, type KeyedInput } from './models/key-value.ts';
export { appendList, counter, mutex, queue, set, stack } from './models/collection.ts';
export { showOperation, showPlain, type Operation, type ProcessId } from './operation.ts';
export { HistoryError, pairEvents, type ClientEvent } from './pairing.ts';
export type { LimitReached, SearchLimits } from './limits.ts';
