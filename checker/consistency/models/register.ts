/** Registers: one value that is read, written, and compared and set. */
import { agrees, illegal, unknownFunction, wrongInput, type SequentialModel } from '../model.ts';

/** How a register is set up. */
export interface RegisterOptions {
  /** The value before any write; default `null`, which is how an absent value is read. */
  readonly initial?: unknown;
  /**
   * What it means that a read answers `null`: that the register was `absent`, or (as Knossos has it) nothing at all,
   * so that `any` value agrees. Default `any`.
   */
  readonly nullReads?: 'any' | 'absent';
}

const functions = ['read', 'write', 'cas'] as const;

/**
 * A register with `read`, `write(value)` and `cas([expected, value])`.
 *
 * A `cas` that is answered `false` must have failed; one answered `true`, or with anything else, must have succeeded.
 * One whose outcome is unknown changes the register where it can. As in Jepsen, a `cas` that failed is usually left
 * out of the history as not having happened.
 */
export function register(options: RegisterOptions = {}): SequentialModel {
  const { initial = null, nullReads = 'any' } = options;
  const model: SequentialModel = {
    name: 'register',
    init: initial,
    functions,
    isRead: ({ f, output }) => f === 'read' || (f === 'cas' && output === false),
    step(value, { f, input, output }) {
      if (f === 'read') return (output === null && nullReads === 'any') || agrees(output, value) ? value : illegal;
      if (f === 'write') return input;
      if (f !== 'cas') throw unknownFunction(model, f);
      if (!Array.isArray(input) || input.length !== 2) throw wrongInput(f, '[expected, value]', input);
      const [expected, next] = input as readonly unknown[];
      const matches = agrees(expected, value);
      if (output === undefined) return matches ? next : value;
      return matches === (output !== false) ? (matches ? next : value) : illegal;
    },
  };
  return model;
}

/**
 * Registers by name, read and written in transactions: `txn([['read', 'x', null], ['write', 'y', 2]])`, answered by
 * the same with the values read. `r` and `w` are short for `read` and `write`.
 */
export function multiRegister(options: RegisterOptions = {}): SequentialModel<Readonly<Record<string, unknown>>> {
  const { initial = null, nullReads = 'any' } = options;
  const model: SequentialModel<Readonly<Record<string, unknown>>> = {
    name: 'multi-register',
    init: {},
    functions: ['txn'],
    isRead: ({ f, input }) => listed(f, input).every(([kind]) => kind === 'read' || kind === 'r'),
    step(registers, { f, input, output }) {
      if (f !== 'txn') throw unknownFunction(model, f);
      const next = { ...registers };
      for (const [kind, key, value] of listed(f, output ?? input)) {
        if (kind === 'write' || kind === 'w') next[key] = value;
        else if (kind !== 'read' && kind !== 'r')
          throw unknownFunction({ ...model, functions: ['read', 'write'] }, kind);
        else if (output !== undefined && !(value === null && nullReads === 'any')) {
          if (!agrees(value, Object.hasOwn(next, key) ? next[key] : initial)) return illegal;
        }
      }
      return next;
    },
  };
  return model;
}

function listed(f: string, operations: unknown): readonly (readonly [string, string | number, unknown])[] {
  if (!Array.isArray(operations) || !operations.every(Array.isArray))
    throw wrongInput(f, "a list of operations such as ['read', 'x', null]", operations);
  return operations as [string, string | number, unknown][];
}
