/**
 * The shape of a protocol and the inference of its types.
 *
 * Nodes have a durable and a volatile state, and handlers by message type; the network and the faults are data. Nothing
 * is annotated twice: the state of a node is what `state` returns, the messages are what `messages` holds.
 */
import type {
  ConstantOverrides,
  ConstantValues,
  Expected,
  Fairness,
  ForAll,
  Formula,
  Logic,
  Pick,
  Refinement,
  Refines,
} from '../spec/index.ts';
import type { BagView, Draft, Loose, View } from '../value/index.ts';
import type { Budgets } from './faults.ts';
import type { LinkOrder, Network } from './network.ts';
import type { Link, Status } from './running-state.ts';

/** The messages of a protocol, by type: what {@link messages} returns. It carries types only. */
export interface MessageTypes<M> {
  readonly '~messages'?: M;
}

/** A message that is sent: its fields, and the type that says who handles it. */
export type Outgoing<M> = { [T in keyof M & string]: Loose<{ type: T } & M[T]> }[keyof M & string];

/** A message that arrived: its fields, its type and its sender. */
export type Incoming<M, T extends keyof M, P> = View<{ type: T; from: P } & M[T]>;

/** What handlers and actions get beside the state of their node: the constants, and ways to act. */
export type NodeContext<C, P, N, L, M, H, R> = ConstantValues<C> & {
  /** Nondeterminism: chooses one element of each named domain. */
  readonly pick: Pick;
  readonly self: P;
  readonly nodes: readonly N[];
  readonly clients: readonly L[];
  /** Sends a message. */
  readonly send: (to: N | L, message: Outgoing<M>) => void;
  /** Sends a message to every other node to which a link leads, or to those that are named. */
  readonly broadcast: (message: Outgoing<M>, to?: Iterable<N | L>) => void;
  /** Starts a timer of this node: from now on it may fire, at any time. */
  readonly start: (timer: R) => void;
  /** Stops a timer of this node. */
  readonly stop: (timer: R) => void;
  /**
   * Whether a node has stopped, or a link to or from it is cut: what a failure detector that makes no mistake tells. Only
   * a network whose delays are bounded has one; for a protocol that uses it, this is an assumption.
   */
  readonly hasFailed: (node: N) => boolean;
  /** What this node's clock shows; for protocols with `clocks`. */
  readonly now: () => number;
  /** Makes sure that the durable state as it is now survives a crash; see the faults `unsynced` and `torn`. */
  readonly fsync: () => void;
  /** History variables, for properties: nodes write them and do not look at them. */
  readonly history: Draft<H>;
};

/** What a handler gets: as an action, and `reply`. */
export type HandlerContext<C, P, N, L, M, H, R> = NodeContext<C, P, N, L, M, H, R> & {
  /** Sends a message to the sender of the one that is handled. */
  readonly reply: (message: Outgoing<M>) => void;
};

/** What a node does of its own accord: edits its own state, and sends. Enabled where all of its `when`s hold. */
export type NodeAction<S, C, P, N, L, M, H, R> = (
  me: Draft<S>,
  context: NodeContext<C, P, N, L, M, H, R>,
) => void | undefined;

/** What a node does with a message. Where a `when` fails, the message stays in flight. */
export type NodeHandlers<S, C, P, N, L, M, H, R> = {
  readonly [T in keyof M]?: (
    me: Draft<S>,
    message: Incoming<M, T, N | L>,
    context: HandlerContext<C, P, N, L, M, H, R>,
  ) => void | undefined;
};

/**
 * The global state of a protocol, as properties see it. Parts that a configuration has no use for are left out: `queue`
 * where no link is ordered, `cut` where no fault cuts links, `clock` and `time` without clocks.
 */
export interface ProtocolState<S, K, N extends string, L extends string, M, H> {
  readonly node: { readonly [n in N]: S };
  readonly client: { readonly [l in L]: K };
  readonly history: H;
  readonly status: { readonly [n in N]: Status };
  /** Messages in flight on unordered links, by receiver and type; with `arrivesBy` where their delay is bounded. */
  readonly inbox: { readonly [p in N | L]: { readonly [T in keyof M]: InFlight<{ from: N | L } & M[T]> } };
  /** Messages in flight on ordered links, by receiver and sender; by receiver and `all` in a totally ordered network. */
  readonly queue: Readonly<Record<string, Readonly<Record<string, readonly (Outgoing<M> & { from: N | L })[]>>>>;
  readonly cut: ReadonlySet<Link>;
  /** True time. */
  readonly time: number;
  /** What the clock of each node shows. */
  readonly clock: { readonly [n in N]: number };
}

/** A bag to the compiler; in a network of sets, a set, which has all of these but `count`. */
type InFlight<T> = Omit<BagView<T>, '~bag'> & { readonly '~bag': T };

/** What a property gets beside the state. */
export type ProtocolPropertyContext<C, N, L> = ConstantValues<C> & {
  readonly forAll: ForAll;
  readonly nodes: readonly N[];
  readonly clients: readonly L[];
};

export type ProtocolPredicate<S, C, N, L> = (state: View<S>, context: ProtocolPropertyContext<C, N, L>) => boolean;
export type ProtocolStepPredicate<S, C, N, L> = (
  before: View<S>,
  after: View<S>,
  context: ProtocolPropertyContext<C, N, L>,
) => boolean;

/** The constants as properties of a protocol see them: with the names of those who take part. */
export type WithParties<C, N, L> = C & { readonly nodes: readonly N[]; readonly clients: readonly L[] };

/** What must not be put off for ever: actions, as in a spec, and the delivery of messages. */
export interface ProtocolFairness extends Fairness {
  /**
   * Each message that can be delivered from some moment on is delivered (`weak`); or, each that can be delivered again
   * and again (`strong`), such as one that is sent again and again over a link that loses some. None where it is left out.
   */
  readonly delivery?: 'weak' | 'strong';
}

/** Clocks that nodes read with `now()`: whole numbers that grow with true time, and are off by at most `skew`. */
export interface Clocks {
  /** True time goes from 0 to here. */
  readonly until: number;
  /** The most that a clock may ever differ from true time: of all nodes, or by node, and nothing where one is left out. */
  readonly skew: number | Readonly<Record<string, number>>;
  /** Clocks begin up to so much ahead of true time, each by its own amount within its skew; 0 where it is left out. */
  readonly initialSkew?: number;
}

/** What is replaced in a model or a mutant: constants, budgets, settings of the network. */
export interface Configured<C> {
  readonly constants?: ConstantOverrides<C>;
  readonly faults?: Budgets;
  readonly network?: Network;
}

/** A named configuration, with the result it must give. */
export interface ProtocolModel<C> extends Configured<C> {
  readonly expected: Expected;
}

/** A deliberate mistake, with the property that must catch it and the length of the shortest counterexample. */
export interface ProtocolMutant<A, O, L, D, C> extends Configured<C> {
  readonly model?: string;
  readonly actions?: A;
  readonly on?: O;
  readonly timers?: A;
  readonly recover?: A extends Readonly<Record<string, infer F>> ? F : never;
  /** Actions and handlers of clients. */
  readonly clients?: L;
  /** Fields of the durable state that this mistake keeps in memory only: a crash loses them. */
  readonly forgets?: readonly (keyof D & string)[];
  /** In the place of the protocol's fairness. */
  readonly fairness?: ProtocolFairness;
  readonly breaks: string;
  readonly steps: number;
}

type Actions<S, C, P, N, L, M, H, R> = Readonly<Record<string, NodeAction<S, C, P, N, L, M, H, R>>>;

/** Clients: parties outside the cluster, to whom no fault happens. */
export interface ClientsDefinition<C, N, L extends string, K, M, H, R> {
  readonly names: (constants: ConstantValues<C>) => readonly L[];
  readonly state: (constants: ConstantValues<C>, self: L) => K;
  readonly actions?: Actions<K, C, L, N, L, M, H, R>;
  readonly on?: NodeHandlers<K, C, L, N, L, M, H, R>;
}

type ClientParts<T extends { readonly actions?: unknown; readonly on?: unknown }> = {
  readonly [P in 'actions' | 'on']?: Exclude<T[P], undefined>;
};

/**
 * `T`, once the compiler knows the state of a node; anything before. It looks at a protocol twice, first without its
 * functions, and what is wrong at the first look would leave the state without a type.
 */
type Settled<S, T> = unknown extends S ? NoInfer<T> : object extends S ? unknown : NoInfer<T>;

/**
 * The parts of a protocol. The compiler learns types from top to bottom: write them in this order, or at least `state`,
 * `history` and `clients` before what nodes do.
 *
 * `C` is the type of the constants, `N` and `L` of the names of nodes and clients, `D`, `V` and `K` of the durable,
 * volatile and client states, `M` of the messages by type, `H` of the history variables, `R` of the timers by name.
 */
export interface ProtocolDefinition<
  C,
  N extends string,
  D extends object,
  V extends object,
  M,
  L extends string,
  K extends object,
  H extends object,
  R extends string,
> {
  readonly name: string;
  readonly constants?: C;
  readonly nodes: (constants: ConstantValues<C>) => readonly N[];
  readonly messages: MessageTypes<M>;
  readonly state: {
    /** What survives a crash. */
    readonly durable?: (constants: ConstantValues<C>, self: N) => D;
    /** What a crash loses: a node starts again with what this returns. */
    readonly volatile?: (constants: ConstantValues<C>, self: N) => V;
  };
  /** History variables, for properties. */
  readonly history?: (constants: ConstantValues<C>) => H;
  readonly network?: Network;
  readonly faults?: Budgets;
  readonly clocks?: (constants: ConstantValues<C>) => Clocks;
  readonly clients?: ClientsDefinition<C, N, L, K, M, H, NoInfer<R>>;
  /** Links that are not ordered as the network is; `none` for those that there are not, over which nothing can be sent. */
  readonly links?: (link: { readonly from: N | L; readonly to: N | L }, constants: ConstantValues<C>) => LinkOrder;
  /** Byzantine nodes, and every message that one of them may send beside those of the protocol. */
  readonly byzantine?: {
    readonly nodes: (constants: ConstantValues<C>) => readonly N[];
    readonly messages: (constants: ConstantValues<C>, self: N) => Iterable<Outgoing<M>>;
  };
  /** Timers, by name: what a node does when one fires. */
  readonly timers?: { readonly [T in R]: NodeAction<D & V, C, N, N, L, M, H, NoInfer<R>> };
  /** What nodes do of their own accord: timeouts, requests. */
  readonly actions?: Actions<D & V, C, N, N, L, M, H, NoInfer<R>>;
  readonly on: NodeHandlers<D & V, C, N, N, L, M, H, NoInfer<R>>;
  /**
   * Whether a node takes messages now: while it does not, those for it wait. Left out, it always does, but where a handler
   * says `when`. It depends on the node alone, so that it is known to wait whatever arrives.
   */
  readonly accepts?: (me: View<D & V>, constants: ConstantValues<WithParties<C, N, L>>) => boolean;
  /** What a node does first when it restarts. */
  readonly recover?: NodeAction<D & V, C, N, N, L, M, H, NoInfer<R>>;
  readonly invariants?: Readonly<Record<string, ProtocolPredicate<ProtocolState<D & V, K, N, L, M, H>, C, N, L>>>;
  readonly transitionInvariants?: Readonly<
    Record<string, ProtocolStepPredicate<ProtocolState<D & V, K, N, L, M, H>, C, N, L>>
  >;
  /** Temporal properties: what every behaviour that is fair must do. The first argument holds the words of the logic. */
  readonly temporal?: (
    logic: Logic<ProtocolState<D & V, K, N, L, M, H>, WithParties<C, N, L>>,
    constants: ConstantValues<WithParties<C, N, L>>,
  ) => Readonly<Record<string, Formula>>;
  /** What is not put off for ever. Without it a behaviour may stop anywhere. */
  readonly fairness?: ProtocolFairness | ((constants: ConstantValues<WithParties<C, N, L>>) => ProtocolFairness);
  /** `true`: no behaviour stops where a step that changes the state is enabled. */
  readonly progress?: boolean;
  /** What must be possible: each is true of some reachable state. */
  readonly reachable?: Readonly<Record<string, ProtocolPredicate<ProtocolState<D & V, K, N, L, M, H>, C, N, L>>>;
  /** Abstract specs that this one implements. */
  readonly refinements?: (
    refines: Refines<ProtocolState<D & V, K, N, L, M, H>, WithParties<C, N, L>>,
    constants: ConstantValues<WithParties<C, N, L>>,
  ) => Readonly<Record<string, Refinement>>;
  readonly constraint?: ProtocolPredicate<ProtocolState<D & V, K, N, L, M, H>, C, N, L>;
  readonly terminated?: ProtocolPredicate<ProtocolState<D & V, K, N, L, M, H>, C, N, L>;
  readonly deadlock?: boolean;
  readonly models?: Settled<D & V, Readonly<Record<string, ProtocolModel<NoInfer<C>>>>>;
  readonly mutants?: Settled<
    D & V,
    Readonly<
      Record<
        string,
        ProtocolMutant<
          Actions<D & V, C, N, N, L, M, H, R>,
          NodeHandlers<D & V, C, N, N, L, M, H, R>,
          ClientParts<ClientsDefinition<C, N, L, K, M, H, R>>,
          D,
          C
        >
      >
    >
  >;
}
