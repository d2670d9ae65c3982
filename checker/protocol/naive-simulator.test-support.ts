/**
 * What faults and networks mean, written a second time: small protocols as tables, and a simulator of them that knows
 * nothing of specs, drafts or actions.
 *
 * Messages in flight are one list in the order in which they were sent. On an unordered network any of them may arrive;
 * on a FIFO network the first of its link; on a totally ordered one the first to its receiver.
 */
import type { Budgets, FaultName } from './faults.ts';
import type { Network, Order } from './network.ts';

/** What a node does: where its volatile `mood` is in `moods`, it changes its state and sends. */
export interface Rule {
  readonly moods: readonly number[];
  readonly mood: number | null;
  /** What is appended to the durable log. */
  readonly append: readonly number[];
  readonly term: number | null;
  readonly to: 'sender' | 'others' | 'nobody';
  readonly fsync: 'no' | 'before' | 'after';
}

/** A protocol of pings, which are answered by pongs, which are answered by nothing. */
export interface TableProtocol {
  readonly nodes: readonly string[];
  /** Clients act as nodes do and handle pongs; no fault happens to them. */
  readonly clients: readonly string[];
  /** Sends pings, at most as often as `maxTerm` allows. */
  readonly act: Rule;
  readonly ping: Rule;
  readonly pong: Rule;
  readonly recover: Rule;
  readonly network: Required<Omit<Network, 'capacity' | 'delay'>> & {
    readonly capacity: number | null;
    readonly delay: number | null;
  };
  /** How links from the first node are ordered; the others are ordered as the network is. */
  readonly firstOrder: Order;
  readonly clocks: { readonly until: number; readonly skew: number } | null;
  readonly faults: Budgets;
}

export interface NodeState {
  term: number;
  log: number[];
  mood: number;
}

interface Flying {
  readonly from: string;
  readonly to: string;
  readonly type: 'ping' | 'pong';
  readonly mood: number;
  /** The time by which it arrives; `null` where delays are not bounded. */
  readonly by: number | null;
}

type Durable = Pick<NodeState, 'term' | 'log'>;

export interface SimulatedState {
  node: Record<string, NodeState>;
  status: Record<string, string>;
  flying: Flying[];
  left: Partial<Record<FaultName, number>>;
  cut: string[];
  /** What was on disk at the last fsync, and after each write since. */
  disk: Record<string, Durable[]>;
  time: number;
  clock: Record<string, number>;
}

/** A node acts while its term is below this. */
export const maxTerm = 1;
/** The node that is Byzantine, and sends pings of any mood. */
export const byzantineNode = 'n1';

const copyOf = <T>(x: T): T => structuredClone(x);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const durable = ({ term, log }: NodeState): Durable => copyOf({ term, log });

/** All states that can be reached, each in a form in which equal states are equal texts. */
export function simulate(protocol: TableProtocol, cap: number): ReadonlySet<string> | undefined {
  const simulator = new Simulator(protocol);
  const seen = new Set<string>();
  const todo = [simulator.initial()];
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    const text = textOf(protocol, state);
    if (seen.has(text)) continue;
    seen.add(text);
    if (seen.size > cap) return undefined;
    todo.push(...simulator.next(state));
  }
  return seen;
}

/** A state as text. */
export function textOf(protocol: TableProtocol, state: SimulatedState): string {
  const key = ({ from, to, type, mood, by }: Flying): string => {
    const order = orderOf(protocol, from);
    const place = order === 'total' ? '' : order === 'fifo' ? from : `${from} ${type} ${String(mood)} ${String(by)}`;
    return `${order} ${to} ${place}`;
  };
  const flying = state.flying.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return JSON.stringify([
    Object.entries(state.node).map(([n, { term, log, mood }]) => [n, term, log, mood, state.status[n] ?? 'a client']),
    flying.map(({ from, to, type, mood, by }) => [from, to, type, mood, by]),
    Object.entries(state.left).toSorted(([a], [b]) => a.localeCompare(b)),
    state.cut.toSorted(),
    Object.entries(state.disk).map(([n, writes]) => [n, writes.map(({ term, log }) => [term, log])]),
    state.time,
    Object.entries(state.clock),
  ]);
}

/** How a link from a node or client is ordered. */
export function orderOf({ nodes, network, firstOrder }: TableProtocol, from: string): Order {
  return from === nodes[0] ? firstOrder : network.order;
}

class Simulator {
  private readonly p: TableProtocol;
  private readonly usesDisk: boolean;

  constructor(protocol: TableProtocol) {
    this.p = protocol;
    this.usesDisk = Boolean(protocol.faults.unsynced) || Boolean(protocol.faults.torn);
  }

  initial(): SimulatedState {
    const each = <T>(f: () => T): Record<string, T> => Object.fromEntries(this.p.nodes.map((n) => [n, f()]));
    const finite = Object.entries(this.p.faults).filter(([, budget]) => typeof budget === 'number' && budget > 0);
    return {
      node: Object.fromEntries([...this.p.nodes, ...this.p.clients].map((n) => [n, { term: 0, log: [], mood: 0 }])),
      status: each(() => 'up'),
      flying: [],
      left: Object.fromEntries(finite),
      cut: [],
      disk: this.usesDisk ? each(() => [{ term: 0, log: [] }]) : {},
      time: 0,
      clock: this.p.clocks === null ? {} : each(() => 0),
    };
  }

  next(state: SimulatedState): SimulatedState[] {
    const faults = [...this.crashes(state), ...this.messageFaults(state), ...this.linkFaults(state)];
    return [...this.nodeSteps(state), ...faults, ...this.byzantine(state), ...this.clockSteps(state)];
  }

  private nodeSteps(state: SimulatedState): SimulatedState[] {
    const { nodes, clients, act } = this.p;
    const steps: (SimulatedState | undefined)[] = [];
    for (const n of [...nodes, ...clients]) {
      if (!this.isRunning(state, n) || state.node[n]!.term >= maxTerm) continue;
      const next = copyOf(state);
      next.node[n]!.term += 1;
      steps.push(this.apply(next, n, act, 'ping', undefined, state.node[n]!));
    }
    state.flying.forEach((message, i) => {
      if (!this.isNext(state, i) || this.isUnreachable(state, message)) return;
      const next = copyOf(state);
      next.flying.splice(i, 1);
      steps.push(this.handle(next, message));
    });
    return steps.filter((next) => next !== undefined);
  }

  private isNext({ flying }: SimulatedState, i: number): boolean {
    const { from, to } = flying[i]!;
    const order = orderOf(this.p, from);
    if (order === 'unordered') return true;
    const earlier = flying.slice(0, i).filter((before) => before.to === to && orderOf(this.p, before.from) === order);
    return !earlier.some((before) => order === 'total' || before.from === from);
  }

  private isRunning({ status }: SimulatedState, party: string): boolean {
    return this.p.clients.includes(party) || status[party] === 'up';
  }

  private isUnreachable(state: SimulatedState, { from, to }: Flying): boolean {
    if (!this.isRunning(state, to)) return true;
    return this.p.network.acrossCut === 'kept' && state.cut.includes(`${from}>${to}`);
  }

  private handle(state: SimulatedState, message: Flying): SimulatedState | undefined {
    const before = copyOf(state.node[message.to]!);
    return this.apply(state, message.to, this.p[message.type], 'pong', message.from, before);
  }

  /** Applies a rule; `undefined` where it is not enabled. */
  private apply(
    state: SimulatedState,
    n: string,
    rule: Rule,
    sends: 'ping' | 'pong',
    sender: string | undefined,
    before: NodeState,
  ): SimulatedState | undefined {
    const me = state.node[n]!;
    if (!rule.moods.includes(before.mood)) return undefined;
    const hasDisk = this.usesDisk && !this.p.clients.includes(n);
    if (rule.fsync === 'before' && hasDisk) state.disk[n] = [durable(me)];
    if (rule.term !== null) me.term = rule.term;
    me.log = [...me.log, ...rule.append].slice(0, 2);
    if (rule.mood !== null) me.mood = rule.mood;
    if (rule.fsync === 'after' && hasDisk) state.disk[n] = [durable(me)];
    const others = this.p.nodes.filter((other) => other !== n);
    const receivers = rule.to === 'others' ? others : rule.to === 'sender' && sender !== undefined ? [sender] : [];
    for (const to of receivers) if (!this.send(state, n, to, sends, me.mood)) return undefined;
    if (hasDisk && !same(state.disk[n]!.at(-1), durable(me))) state.disk[n]!.push(durable(me));
    return state;
  }

  /** Sends a message; `false` where the step cannot be taken. */
  private send(state: SimulatedState, from: string, to: string, type: 'ping' | 'pong', mood: number): boolean {
    const { acrossCut, copies, capacity, whenFull, delay, stableFrom } = this.p.network;
    const order = orderOf(this.p, from);
    const message = { from, to, type, mood, by: delay === null ? null : delay + Math.max(state.time, stableFrom) };
    if (acrossCut === 'lost' && state.cut.includes(`${message.from}>${message.to}`)) return true;
    if (copies === 'set' && order === 'unordered' && state.flying.some((other) => same(other, message))) return true;
    if (capacity !== null && this.countWith(state, message) >= capacity) {
      if (whenFull === 'disabled') return false;
      return whenFull === 'lost' || this.takes(state, 'loss');
    }
    state.flying.push(message);
    return true;
  }

  /** How many messages share the capacity that this one needs. */
  private countWith({ flying }: SimulatedState, { from, to }: Flying): number {
    const { per } = this.p.network;
    return flying.filter((other) => per === 'network' || (other.to === to && (per === 'inbox' || other.from === from)))
      .length;
  }

  /** Takes one from a budget, in place. */
  private takes(state: SimulatedState, fault: FaultName): boolean {
    const budget = this.p.faults[fault] ?? (['restart', 'resume', 'heal'].includes(fault) ? true : 0);
    if (budget === true) return true;
    const left = state.left[fault] ?? 0;
    if (left === 0) return false;
    state.left[fault] = left - 1;
    return true;
  }

  /** The state after a fault, or nothing where its budget is used up. */
  private after(state: SimulatedState, fault: FaultName, change: (next: SimulatedState) => SimulatedState | undefined) {
    const next = copyOf(state);
    const changed = this.takes(next, fault) ? change(next) : undefined;
    return changed === undefined ? [] : [changed];
  }

  private crashes(state: SimulatedState): SimulatedState[] {
    return this.p.nodes.flatMap((n) => {
      const becomes = (fault: FaultName, from: string, to: string, left?: Durable): SimulatedState[] =>
        state.status[n] === from ? this.after(state, fault, (next) => this.become(next, n, to, left)) : [];
      const writes = state.disk[n] ?? [];
      const [last, previous] = [writes.at(-1), writes.at(-2)];
      return [
        ...becomes('crash', 'up', 'down'),
        ...becomes('crashForever', 'up', 'gone'),
        ...becomes('restart', 'down', 'restarted'),
        ...becomes('pause', 'up', 'paused'),
        ...becomes('resume', 'paused', 'up'),
        ...writes.slice(0, -1).flatMap((left) => becomes('unsynced', 'up', 'down', left)),
        ...(last && previous ? torn(previous, last) : []).flatMap((left) => becomes('torn', 'up', 'down', left)),
      ];
    });
  }

  private become(state: SimulatedState, n: string, status: string, left?: Durable): SimulatedState | undefined {
    const me = state.node[n]!;
    state.status[n] = status === 'restarted' ? 'up' : status;
    if (status === 'restarted') return this.apply(state, n, this.p.recover, 'ping', undefined, copyOf(me));
    if (status === 'down' || status === 'gone') {
      Object.assign(me, copyOf(left ?? {}));
      me.mood = 0;
      if (this.usesDisk && status === 'down') state.disk[n] = [durable(me)];
      if (this.p.network.toCrashed === 'lost') state.flying = state.flying.filter(({ to }) => to !== n);
    }
    return state;
  }

  private messageFaults(state: SimulatedState): SimulatedState[] {
    const { copies, capacity } = this.p.network;
    return state.flying.flatMap((message, i) => [
      ...this.after(state, 'loss', (next) => {
        next.flying.splice(i, 1);
        return next;
      }),
      ...this.after(state, 'duplication', (next) => {
        if (copies === 'set' && orderOf(this.p, message.from) === 'unordered')
          return this.isUnreachable(next, message) ? undefined : this.handle(next, message);
        if (capacity !== null && this.countWith(next, message) >= capacity) return undefined;
        next.flying.splice(i, 0, message);
        return next;
      }),
    ]);
  }

  private byzantine(state: SimulatedState): SimulatedState[] {
    if (state.status[byzantineNode] !== 'up') return [];
    return this.p.nodes.flatMap((to) =>
      [0, 1].flatMap((mood) =>
        this.after(state, 'byzantine', (next) => (this.send(next, byzantineNode, to, 'ping', mood) ? next : undefined)),
      ),
    );
  }

  private clockSteps(state: SimulatedState): SimulatedState[] {
    const { nodes, clocks } = this.p;
    if (clocks === null) return [];
    const isExact = ({ clock, time }: SimulatedState): boolean =>
      nodes.every((n) => Math.abs(clock[n]! - time) <= clocks.skew);
    const set = (n: string, to: number): SimulatedState => ({ ...copyOf(state), clock: { ...state.clock, [n]: to } });
    const ticked = (slow?: string): SimulatedState[] => {
      if (state.time === clocks.until || this.isSomethingDue(state)) return [];
      const clock = Object.fromEntries(nodes.map((n) => [n, state.clock[n]! + (n === slow ? 0 : 1)]));
      return [{ ...copyOf(state), time: state.time + 1, clock }];
    };
    const drifted = nodes.flatMap((n) => [set(n, state.clock[n]! + 1), ...ticked(n)]).filter(isExact);
    const times = Array.from({ length: clocks.until + clocks.skew + 1 }, (_, i) => i);
    const stepped = nodes.flatMap((n) => times.filter((time) => time !== state.clock[n]).map((time) => set(n, time)));
    const after = (fault: FaultName, next: SimulatedState): SimulatedState[] =>
      this.after(next, fault, (changed) => changed);
    return [
      ...ticked().filter(isExact),
      ...drifted.flatMap((next) => after('drift', next)),
      ...stepped.filter(isExact).flatMap((next) => after('clockStep', next)),
    ];
  }

  private isSomethingDue(state: SimulatedState): boolean {
    return state.flying.some(
      (message, i) =>
        message.by !== null && message.by <= state.time && this.isNext(state, i) && !this.isUnreachable(state, message),
    );
  }

  private linkFaults(state: SimulatedState): SimulatedState[] {
    const { nodes } = this.p;
    const cut = (fault: FaultName, links: readonly string[]): SimulatedState[] =>
      this.after(state, fault, (next) => {
        next.cut = [...new Set([...next.cut, ...links])];
        const isCut = ({ from, to }: Flying): boolean => links.includes(`${from}>${to}`);
        if (this.p.network.acrossCut === 'lost') next.flying = next.flying.filter((message) => !isCut(message));
        return next;
      });
    const found: SimulatedState[] = [];
    const links = nodes.flatMap((a) => nodes.filter((b) => b !== a).map((b) => `${a}>${b}`));
    for (let bits = 1; bits < 2 ** nodes.length - 1 && state.cut.length === 0; bits++) {
      const inside = (n: string | undefined): boolean => (bits & (1 << nodes.indexOf(n!))) !== 0;
      const across = links.filter((link) => inside(link.split('>')[0]) !== inside(link.split('>')[1]));
      found.push(...cut('partition', across));
    }
    for (const link of links) if (!state.cut.includes(link)) found.push(...cut('cutLink', [link]));
    if (state.cut.length > 0) found.push(...this.after(state, 'heal', (next) => ({ ...next, cut: [] })));
    return found;
  }
}

/** What is left of a write that reached the disk in part. */
function torn(before: Durable, after: Durable): Durable[] {
  const grew = same(after.log.slice(0, before.log.length), before.log);
  const logs = grew
    ? Array.from({ length: after.log.length - before.log.length + 1 }, (_, i) =>
        after.log.slice(0, before.log.length + i),
      )
    : [before.log, after.log];
  const all = [before.term, after.term].flatMap((term) => logs.map((log) => ({ term, log })));
  return all.filter((left) => !same(left, before) && !same(left, after));
}
