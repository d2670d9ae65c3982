/** A protocol with its constants bound: who takes part, which links there are, what may go wrong. */
import { BivalentError } from '../core/index.ts';
import { when } from '../spec/index.ts';
import type { Pick } from '../spec/index.ts';
import { canonical, show } from '../value/index.ts';
import type { Value } from '../value/index.ts';
import type { Clocks } from './definition.ts';
import { isAllowed } from './faults.ts';
import type { Budgets, FaultName } from './faults.ts';
import { fullNetwork } from './network.ts';
import type { FullNetwork, LinkOrder, Network } from './network.ts';
import type { Fields, Link, RunningState } from './running-state.ts';

/** A function of the protocol's author. */
type Authored = (...args: readonly unknown[]) => unknown;
export type AuthoredFunctions = Readonly<Record<string, Authored>>;

/** A protocol where the types of its state are not known. */
export interface UntypedProtocol {
  readonly name: string;
  readonly nodes: (constants: object) => readonly string[];
  readonly state: {
    readonly durable?: (constants: object, self: string) => Fields;
    readonly volatile?: (constants: object, self: string) => Fields;
  };
  readonly history?: (constants: object) => Fields;
  readonly network?: Network;
  readonly links?: (link: Link, constants: object) => LinkOrder;
  readonly faults?: Budgets;
  readonly clocks?: (constants: object) => Clocks;
  readonly byzantine?: {
    readonly nodes: (constants: object) => readonly string[];
    readonly messages: (constants: object, self: string) => Iterable<Fields & { readonly type: string }>;
  };
  readonly timers?: AuthoredFunctions;
  readonly clients?: {
    readonly names: (constants: object) => readonly string[];
    readonly state: (constants: object, self: string) => Fields;
    readonly actions?: AuthoredFunctions;
    readonly on?: AuthoredFunctions;
  };
  readonly actions?: AuthoredFunctions;
  readonly on: AuthoredFunctions;
  readonly accepts?: Authored;
  readonly recover?: Authored;
}

/** What the compiled spec's functions are called with: the constants with `faults` and `network`, and `pick`. */
export interface CompiledContext {
  readonly faults: Budgets;
  readonly network: Network;
  readonly pick: Pick;
}

const stops = ['crash', 'crashForever', 'unsynced', 'torn', 'pause'] as const satisfies readonly FaultName[];
const cuts = ['partition', 'cutLink'] as const satisfies readonly FaultName[];

export class Configuration {
  readonly protocol: UntypedProtocol;
  /** The constants of the protocol, as its author's functions see them. */
  readonly constants: object;
  readonly network: FullNetwork;
  readonly faults: Budgets;
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
  readonly parties: readonly string[];
  readonly clocks: Clocks | undefined;
  /** Whether nodes may stop: where not, nobody looks at their status. */
  readonly mayStop: boolean;
  readonly mayCut: boolean;
  /** Whether what is on disk differs from what is in memory. */
  readonly hasDisks: boolean;
  #propertyConstants: object | undefined;

  /** @param context - of any function of the compiled spec */
  constructor(protocol: UntypedProtocol, context: object) {
    const { faults, network, ...constants } = context as Record<string, unknown>;
    delete constants['pick'];
    delete constants['forAll'];
    this.protocol = protocol;
    this.constants = Object.freeze(constants);
    this.faults = faults as Budgets;
    this.network = fullNetwork(network as Network);
    this.nodes = named(protocol, protocol.nodes(this.constants));
    this.clients = named(protocol, protocol.clients?.names(this.constants) ?? []);
    this.parties = [...this.nodes, ...this.clients];
    if (new Set(this.parties).size < this.parties.length) {
      throw new BivalentError('protocol/names', `${protocol.name} gives one name to two of its nodes and clients`);
    }
    this.clocks = protocol.clocks?.(this.constants);
    if (this.network.delay !== undefined && this.clocks === undefined) {
      throw new BivalentError(
        'protocol/clock',
        `${protocol.name} bounds the delay of messages, which is counted in ticks, and has no clocks`,
      );
    }
    requireClocksOfNodes(this);
    this.mayStop = stops.some((fault) => isAllowed(this.faults, fault));
    this.mayCut = cuts.some((fault) => isAllowed(this.faults, fault));
    this.hasDisks = isAllowed(this.faults, 'unsynced') || isAllowed(this.faults, 'torn');
  }

  /** The most that the clock of a node may differ from true time. */
  skewOf(node: string): number {
    const { skew } = this.clocks!;
    return typeof skew === 'number' ? skew : (skew[node] ?? 0);
  }

  /** The constants with the names of those who take part. */
  get propertyConstants(): object {
    return (this.#propertyConstants ??= Object.freeze({
      ...this.constants,
      nodes: this.nodes,
      clients: this.clients,
    }));
  }

  isClient(party: string): boolean {
    return this.clients.includes(party);
  }

  /** The handlers of a party, by message type. */
  handlersOf(party: string): AuthoredFunctions {
    return (this.isClient(party) ? this.protocol.clients?.on : this.protocol.on) ?? {};
  }

  /** Those who handle messages of a type. */
  handlersFor(type: string): readonly string[] {
    return this.parties.filter((party) => Object.hasOwn(this.handlersOf(party), type));
  }

  /** How the messages of a link are ordered. */
  orderOf(link: Link): LinkOrder {
    return this.protocol.links?.(link, this.constants) ?? this.network.order;
  }

  /** The queue of its receiver that an ordered link leads to; `undefined` for a link that is not ordered. */
  queueOf(link: Link): string | undefined {
    const order = this.orderOf(link);
    return order === 'total' ? 'all' : order === 'fifo' ? link.from : undefined;
  }

  /** The queues of a receiver. */
  queuesTo(to: string): readonly string[] {
    const queues = this.parties.map((from) => this.queueOf({ from, to })).filter((queue) => queue !== undefined);
    return [...new Set(queues)].sort();
  }

  /** The other nodes to which a link leads from a party. */
  neighboursOf(self: string): readonly string[] {
    return this.nodes.filter((to) => to !== self && this.orderOf({ from: self, to }) !== 'none');
  }

  /** Whether some link to a receiver is not ordered. */
  hasInbox(to: string): boolean {
    return this.parties.some((from) => this.orderOf({ from, to }) === 'unordered');
  }

  /** What the capacity of the network counts a link under. */
  scopeOf({ from, to }: Link): string {
    const { per } = this.network;
    return per === 'network' ? 'all' : per === 'inbox' ? to : `${from} ${to}`;
  }

  /** What the capacity of the network counts. */
  scopes(): readonly string[] {
    if (this.network.capacity === undefined) return [];
    const links = this.parties.flatMap((to) => this.parties.map((from) => ({ from, to })));
    return [...new Set(links.filter((link) => this.orderOf(link) !== 'none').map((link) => this.scopeOf(link)))];
  }

  /** Disables the step unless a party is running. Clients always are. */
  requireRunning(state: RunningState, party: string): void {
    if (this.mayStop && !this.isClient(party)) when(state.status[party] === 'up');
  }
}

/** A skew by node is of nodes that there are. */
function requireClocksOfNodes({ protocol, nodes, clocks }: Configuration): void {
  if (clocks === undefined || typeof clocks.skew === 'number') return;
  const unknown = Object.keys(clocks.skew).find((node) => !nodes.includes(node));
  if (unknown === undefined) return;
  throw new BivalentError(
    'protocol/clock',
    `${protocol.name} says how far the clock of ${unknown} may be off, which is no node; nodes are ${nodes.join(', ')}`,
  );
}

function named(protocol: UntypedProtocol, names: readonly string[]): readonly string[] {
  const strings = canonical([...names]) as readonly Value[];
  const wrong = strings.find((name) => typeof name !== 'string');
  if (wrong === undefined) return strings as readonly string[];
  throw new BivalentError('protocol/names', `${protocol.name} has a node named ${show(wrong)}: names are texts`);
}
