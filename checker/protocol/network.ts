/** How messages travel. */
import { show } from '../value/index.ts';
import type { Value } from '../value/index.ts';

/**
 * `unordered`: any message in flight may be the next to arrive. `fifo`: messages of one link arrive in the order in which
 * they were sent. `total`: each receiver has one queue, and a broadcast joins all of them at once, so that any two
 * messages arrive in the same order everywhere.
 */
export type Order = 'unordered' | 'fifo' | 'total';

/** How the messages of a protocol travel; what may go wrong with them is said by its faults. */
export interface Network {
  readonly order?: Order;
  /**
   * What an unordered network does with two equal messages in flight: a `bag` has both, a `set` has one. A message that is
   * duplicated in a set is one that arrives and is still in flight.
   */
  readonly copies?: 'set' | 'bag';
  /** The most messages in flight; none where it is left out. */
  readonly capacity?: number;
  /** What the capacity is of: each link, each receiver's inbox, or the whole network. */
  readonly per?: 'link' | 'inbox' | 'network';
  /**
   * What a send at capacity does: `disabled`, the step cannot be taken; `lost`, the message is lost; `counted`, it is lost
   * and takes one from the budget of `loss`, without which the step cannot be taken.
   */
  readonly whenFull?: 'disabled' | 'lost' | 'counted';
  /** What a link that is cut does with messages in flight and sent: `kept` until it is healed, or `lost`. */
  readonly acrossCut?: 'kept' | 'lost';
  /** What becomes of messages in flight to a node that crashes: `kept` until it restarts, or `lost`. */
  readonly toCrashed?: 'kept' | 'lost';
}

/** A network with every setting. */
export type FullNetwork = Required<Omit<Network, 'capacity'>> & Pick<Network, 'capacity'>;

/** What a network is where nothing is said. */
const defaults = {
  order: 'unordered',
  copies: 'bag',
  per: 'network',
  whenFull: 'disabled',
  acrossCut: 'kept',
  toCrashed: 'kept',
} as const satisfies Network;

const possible: Readonly<Record<string, readonly string[]>> = {
  order: ['unordered', 'fifo', 'total'],
  copies: ['set', 'bag'],
  per: ['link', 'inbox', 'network'],
  whenFull: ['disabled', 'lost', 'counted'],
  acrossCut: ['kept', 'lost'],
  toCrashed: ['kept', 'lost'],
};

/** A network with what it does not say. */
export function fullNetwork(network: Network): FullNetwork {
  return { ...defaults, ...network };
}

/** Says what is wrong with a setting of a network; `undefined` where nothing is. */
export function networkRefusal(name: string, value: Value): string | undefined {
  if (name === 'capacity') {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return undefined;
    return `the capacity of the network is the most messages in flight, a whole number from 1, not ${show(value)}`;
  }
  const values = possible[name];
  if (values === undefined) return `the network has no setting ${name}; its settings are ${settingNames.join(', ')}`;
  if (typeof value === 'string' && values.includes(value)) return undefined;
  return `${name} of the network is one of ${values.join(', ')}, not ${show(value)}`;
}

const settingNames = [...Object.keys(possible), 'capacity'];
