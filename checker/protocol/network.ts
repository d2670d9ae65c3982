/** How messages travel. */
import { show } from '../value/index.ts';
import type { Value } from '../value/index.ts';

/**
 * `unordered`: any message in flight may be the next to arrive. `fifo`: messages of one link arrive in the order in which
 * they were sent. `total`: each receiver has one queue, and a broadcast joins all of them at once, so that any two
 * messages arrive in the same order everywhere.
 */
export type Order = 'unordered' | 'fifo' | 'total';

/** How the messages of one link are ordered; `none` where there is no link. */
export type LinkOrder = Order | 'none';

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
  /**
   * The most ticks of true time that a message takes: time does not pass while one is due that can arrive. A receiver that
   * is not up and a link that is cut delay messages further; a handler that leaves one in flight stops time.
   */
  readonly delay?: number;
  /** The true time from which `delay` holds: what is sent before may take until `delay` ticks after it. */
  readonly stableFrom?: number;
  /** What becomes of messages in flight to a node that crashes: `kept` until it restarts, or `lost`. */
  readonly toCrashed?: 'kept' | 'lost';
}

/** A network with every setting. */
export type FullNetwork = Required<Omit<Network, 'capacity' | 'delay'>> & Pick<Network, 'capacity' | 'delay'>;

/** What a network is where nothing is said. */
const defaults = {
  order: 'unordered',
  copies: 'bag',
  per: 'network',
  whenFull: 'disabled',
  stableFrom: 0,
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
  const whole = wholeNumbers[name];
  if (whole !== undefined) {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= whole.from) return undefined;
    return `${name} of the network is ${whole.meaning}, a whole number from ${String(whole.from)}, not ${show(value)}`;
  }
  const values = possible[name];
  if (values === undefined) return `the network has no setting ${name}; its settings are ${settingNames.join(', ')}`;
  if (typeof value === 'string' && values.includes(value)) return undefined;
  return `${name} of the network is one of ${values.join(', ')}, not ${show(value)}`;
}

const wholeNumbers: Readonly<Record<string, { readonly from: number; readonly meaning: string }>> = {
  capacity: { from: 1, meaning: 'the most messages in flight' },
  delay: { from: 0, meaning: 'the most ticks that a message takes' },
  stableFrom: { from: 0, meaning: 'the time from which its delay holds' },
};

const settingNames = [...Object.keys(possible), ...Object.keys(wholeNumbers)];
