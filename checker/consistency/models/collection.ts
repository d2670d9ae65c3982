/** Counters and sets, queues, stacks and lists. */
import { agrees, illegal, unknownFunction, type SequentialModel } from '../model.ts';

/** A counter from zero with `add(n)` (also `inc`, `dec`) and `read`. */
export const counter: SequentialModel<number> = {
  name: 'counter',
  init: 0,
  functions: ['add', 'inc', 'dec', 'read'],
  isRead: ({ f }) => f === 'read',
  step(total, { f, input, output }) {
    if (f === 'read') return agrees(output, total) ? total : illegal;
    if (f === 'add' || f === 'inc') return total + Number(input ?? 1);
    if (f === 'dec') return total - Number(input ?? 1);
    throw unknownFunction(counter, f);
  },
};

/** A set with `add(element)`, `remove(element)` and `read`, which answers all elements in any order. */
export const set: SequentialModel<ReadonlySet<unknown>> = {
  name: 'set',
  init: new Set(),
  functions: ['add', 'remove', 'read'],
  isRead: ({ f }) => f === 'read',
  step(elements, { f, input, output }) {
    if (f === 'read') {
      const read = output === undefined || output === null ? undefined : new Set(output as Iterable<unknown>);
      return agrees(read, elements) ? elements : illegal;
    }
    if (f !== 'add' && f !== 'remove') throw unknownFunction(set, f);
    const others = [...elements].filter((element) => !agrees(element, input));
    return new Set(f === 'add' ? [...others, input] : others);
  },
};

/** First in, first out: `enqueue(value)`, and `dequeue`, which answers `null` where the queue is empty. */
export const queue: SequentialModel<readonly unknown[]> = {
  name: 'queue',
  init: [],
  functions: ['enqueue', 'dequeue'],
  step(items, { f, input, output }) {
    if (f === 'enqueue') return [...items, input];
    if (f !== 'dequeue') throw unknownFunction(queue, f);
    return agrees(output, items[0] ?? null) ? items.slice(1) : illegal;
  },
};

/** Last in, first out: `push(value)`, and `pop`, which answers `null` where the stack is empty. */
export const stack: SequentialModel<readonly unknown[]> = {
  name: 'stack',
  init: [],
  functions: ['push', 'pop'],
  step(items, { f, input, output }) {
    if (f === 'push') return [...items, input];
    if (f !== 'pop') throw unknownFunction(stack, f);
    return agrees(output, items.at(-1) ?? null) ? items.slice(0, -1) : illegal;
  },
};

/** A list with `append(value)`, and `read`, which answers all that was appended, in order. */
export const appendList: SequentialModel<readonly unknown[]> = {
  name: 'append-list',
  init: [],
  functions: ['append', 'read'],
  isRead: ({ f }) => f === 'read',
  step(items, { f, input, output }) {
    if (f === 'append') return [...items, input];
    if (f !== 'read') throw unknownFunction(appendList, f);
    return agrees(output === null ? [] : output, items) ? items : illegal;
  },
};

/** A lock that knows no owner: `acquire` where it is free, `release` where it is held. */
export const mutex: SequentialModel<boolean> = {
  name: 'mutex',
  init: false,
  functions: ['acquire', 'release'],
  step(held, { f }) {
    if (f === 'acquire') return held ? illegal : true;
    if (f !== 'release') throw unknownFunction(mutex, f);
    return held ? false : illegal;
  },
};
