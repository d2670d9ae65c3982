/** The sequential models of the library, by name. */
import { appendList, counter, mutex, queue, set, stack } from './collection.ts';
import { keyValue } from './key-value.ts';
import { multiRegister, register } from './register.ts';

/**
 * Objects that histories can be judged against: `linearizable(history, sequentialModels.queue)`.
 *
 * `register`, `multiRegister` and `keyValue` are functions of their options; the others are models as they are.
 */
export const sequentialModels = {
  register,
  multiRegister,
  keyValue,
  counter,
  set,
  queue,
  stack,
  mutex,
  appendList,
} as const;
