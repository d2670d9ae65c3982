/**
 * What a protocol says of whole behaviours, compiled: temporal properties, refinements, and fairness of delivery.
 *
 * The predicates in formulas and the mappings of refinements are called as other properties of a protocol are, with the
 * names of the nodes and clients among the constants.
 */
import { BivalentError } from '../core/index.ts';
import { each, type FairAction } from '../spec/index.ts';
import { show } from '../value/index.ts';
import type { Configuration } from './configuration.ts';
import type { ProtocolFairness } from './definition.ts';

type Authored = (...args: readonly unknown[]) => unknown;

/** What compiling needs of the protocol. */
export interface BehaviourBinder {
  /** The configuration for the constants of the compiled spec. */
  readonly bound: (constants: object) => Configuration;
  /** A property whose context also names the parties. */
  readonly property: (f: Authored) => Authored;
  /** The types of all messages. */
  readonly messages: readonly string[];
}

/** A part of a protocol that makes formulas or refinements, as a part of a spec. */
export function compileMaker(f: Authored, { bound, property }: BehaviourBinder): Authored {
  const wrapped = (operand: unknown): unknown =>
    typeof operand === 'function' ? property(operand as Authored) : operand;
  return (words, constants) => {
    const wrappedWords =
      typeof words === 'function'
        ? (...args: readonly unknown[]) => (words as Authored)(...args.map(wrapped))
        : Object.fromEntries(
            Object.entries(words as Readonly<Record<string, Authored>>).map(([name, word]) => [
              name,
              (...operands: readonly unknown[]) => word(...operands.map(wrapped)),
            ]),
          );
    return f(wrappedWords, bound(constants as object).propertyConstants);
  };
}

/** The fairness of the compiled spec: delivery is fairness of each message of each type. */
export function compileFairness(
  fairness: ProtocolFairness | ((constants: never) => ProtocolFairness),
  { bound, messages }: BehaviourBinder,
): Authored {
  return (constants) => {
    const declared =
      typeof fairness === 'function' ? fairness(bound(constants as object).propertyConstants as never) : fairness;
    const { delivery, weak = [], strong = [], ...others } = declared;
    if (delivery !== undefined && delivery !== 'weak' && delivery !== 'strong') {
      throw new BivalentError(
        'spec/fairness',
        `delivery is ${show(delivery)}: write 'weak' or 'strong', or leave it out`,
      );
    }
    const deliveries = messages.map((type): FairAction => each(type));
    return {
      weak: delivery === 'weak' ? [...weak, ...deliveries] : weak,
      strong: delivery === 'strong' ? [...strong, ...deliveries] : strong,
      ...others,
    };
  };
}
