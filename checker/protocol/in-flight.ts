/**
 * Messages in flight: putting them into the network and taking them out.
 *
 * On unordered links they are sets or bags by receiver and type, so that a delivery is learned for each message and
 * receiver, and a send reads nothing. On ordered links they are arrays by receiver and sender.
 */
import { BivalentError } from '../core/index.ts';
import { range, when } from '../spec/index.ts';
import type { Pick } from '../spec/index.ts';
import type { BagDraft, SetDraft } from '../value/index.ts';
import type { Configuration } from './configuration.ts';
import { spend } from './faults.ts';
import type { Fields, Link, Queued, RunningState } from './running-state.ts';

/** Where a message in flight is. */
export interface Place {
  readonly to: string;
  readonly from: string;
  readonly type: string;
  /** As a handler gets it: with its type and its sender. */
  readonly message: Fields;
  /** As the collection or the queue that it is in holds it. */
  readonly held: Fields;
  /** The queue that it is in, and its position; `undefined` for an unordered link. */
  readonly queue?: string;
  readonly position?: number;
}

/** Sends a message, as far as the network takes it. */
export function send(state: RunningState, run: Configuration, link: Link, message: Queued): void {
  requireReceiver(run, link, message.type);
  const { network } = run;
  if (run.mayCut && network.acrossCut === 'lost' && state.cut.has(link)) return;
  const held = heldAs(state, run, link, message);
  if (network.capacity !== undefined && !admits(state, run, link, network.capacity, message.type, held)) return;
  const queue = run.queueOf(link);
  if (queue !== undefined) state.queue[link.to]![queue]!.push(held as Queued);
  else state.inbox[link.to]![message.type]!.add(held);
}

/** A message as the collection or the queue that it is in holds it: with its sender, and the time by which it arrives. */
function heldAs(state: RunningState, run: Configuration, { from, to }: Link, message: Queued): Fields {
  const { delay, stableFrom } = run.network;
  const { type, ...fields } = message;
  const held = { ...(run.queueOf({ from, to }) === undefined ? fields : message), from };
  if (delay === undefined) return held;
  if (!Object.hasOwn(held, 'arrivesBy')) return { ...held, arrivesBy: Math.max(state.time, stableFrom) + delay };
  throw new BivalentError(
    'protocol/reserved',
    `${from} sends ${type} to ${to} with a field arrivesBy, which is what the delay of the network adds`,
  );
}

/** Disables the passing of time while a message is due that can arrive. */
export function requireNothingDue(state: RunningState, run: Configuration): void {
  if (run.network.delay === undefined) return;
  // Where nothing can stop a message, it has arrived by the time that it is due: none is overdue.
  const dues = run.mayStop || run.mayCut ? range(0, state.time) : [state.time];
  for (const to of run.parties) {
    if (run.mayStop && !run.isClient(to) && state.status[to] !== 'up') continue;
    const canArrive = ({ from }: Fields): boolean => !run.mayCut || !state.cut.has({ from: from as string, to });
    for (const messages of run.hasInbox(to) ? Object.values(state.inbox[to]!) : []) {
      for (const arrivesBy of dues) when(!messages.where({ arrivesBy }).some(canArrive));
    }
    for (const queue of run.queuesTo(to)) {
      const [first] = state.queue[to]![queue]!;
      when(first === undefined || (first['arrivesBy'] as number) > state.time || !canArrive(first));
    }
  }
}

function requireReceiver(run: Configuration, { from, to }: Link, type: string): void {
  if (run.parties.includes(to) && run.orderOf({ from, to }) === 'none') {
    throw new BivalentError('protocol/no-link', `${from} sends ${type} to ${to}, and no link leads there`);
  }
  if (!run.parties.includes(to)) {
    throw new BivalentError(
      'protocol/unknown-node',
      `${from} sends ${type} to ${to}, which is not one of ${run.parties.join(', ')}`,
    );
  }
  if (Object.hasOwn(run.handlersOf(to), type)) return;
  throw new BivalentError('protocol/unhandled', `${from} sends ${type} to ${to}, which has no handler for it`);
}

/** Whether the network has room for a message, and counts it; a step that may not lose it is disabled. */
function admits(
  state: RunningState,
  run: Configuration,
  link: Link,
  capacity: number,
  type: string,
  held: Fields,
): boolean {
  const { copies, whenFull } = run.network;
  if (copies === 'set' && run.queueOf(link) === undefined && state.inbox[link.to]![type]!.has(held)) return true;
  const scope = run.scopeOf(link);
  if (state.inFlight[scope]! < capacity) {
    state.inFlight[scope]! += 1;
    return true;
  }
  when(whenFull !== 'disabled');
  when(whenFull === 'lost' || ((run.faults.loss ?? 0) !== 0 && spend(state, 'loss')));
  return false;
}

/** Where the messages of one type to a receiver can be taken from; the step is disabled where there is none. */
export function pickDeliverable(state: RunningState, run: Configuration, pick: Pick, to: string, type: string): Place {
  const queue = pickQueue(run, pick, to);
  if (queue === undefined) return reachable(state, run, pickFromInbox(state, pick, to, type));
  const [head] = state.queue[to]![queue]!;
  when(head !== undefined && head.type === type);
  const { message } = pick({ message: [head] });
  const from = message['from'] as string;
  return reachable(state, run, { to, from, type, message, held: message, queue, position: 0 });
}

/** Any message in flight, in whatever order: for faults. */
export function pickAny(state: RunningState, run: Configuration, pick: Pick): Place {
  const { to } = pick({ to: run.parties });
  const queue = pickQueue(run, pick, to);
  if (queue === undefined) {
    const { type } = pick({ type: Object.keys(run.handlersOf(to)) });
    return pickFromInbox(state, pick, to, type);
  }
  const queued = state.queue[to]![queue]!;
  const { position } = pick({ position: queued.map((_, i) => i) });
  const { message } = pick({ message: [queued[position]!] });
  return { to, from: message['from'] as string, type: message.type, message, held: message, queue, position };
}

/** Picks the queue of a receiver; `undefined` is its inbox. A choice only where there is more than one place. */
function pickQueue(run: Configuration, pick: Pick, to: string): string | undefined {
  const queues = run.queuesTo(to);
  if (queues.length === 0) {
    when(run.hasInbox(to));
    return undefined;
  }
  if (!run.hasInbox(to)) return queues.length === 1 ? queues[0] : pick({ from: queues }).from;
  const { from } = pick({ from: [unordered, ...queues] });
  return from === unordered ? undefined : from;
}

/** In the place of a sender: all those whose links are not ordered. */
const unordered = 'unordered links';

function pickFromInbox(state: RunningState, pick: Pick, to: string, type: string): Place {
  const { message: held } = pick({ message: state.inbox[to]![type]! as Iterable<Fields> }) as { message: Fields };
  return { to, from: held['from'] as string, type, message: { ...held, type }, held };
}

/** Disables the delivery of a message across a link that is cut. */
function reachable(state: RunningState, run: Configuration, place: Place): Place {
  if (run.mayCut && run.network.acrossCut === 'kept') when(!state.cut.has({ from: place.from, to: place.to }));
  return place;
}

/** Takes a message out of the network. */
export function take(state: RunningState, run: Configuration, { to, from, type, held, queue, position }: Place): void {
  if (queue === undefined) state.inbox[to]![type]!.delete(held);
  else state.queue[to]![queue]!.splice(position!, 1);
  if (run.network.capacity !== undefined) state.inFlight[run.scopeOf({ from, to })]! -= 1;
}

/** Puts a second copy of a message beside it; on an unordered network of sets, see the fault `duplication`. */
export function duplicate(
  state: RunningState,
  run: Configuration,
  { to, from, type, held, queue, position }: Place,
): void {
  const { capacity } = run.network;
  if (capacity !== undefined) {
    const scope = run.scopeOf({ from, to });
    when(state.inFlight[scope]! < capacity);
    state.inFlight[scope]! += 1;
  }
  if (queue === undefined) (state.inbox[to]![type]! as BagDraft<Fields>).add(held);
  else state.queue[to]![queue]!.splice(position!, 0, held as Queued);
}

/** Loses every message in flight of the links for which a test is true. Cost: reads all of their messages. */
export function dropWhere(state: RunningState, run: Configuration, test: (link: Link) => boolean): void {
  for (const to of run.parties) {
    const linked = run.parties.filter((from) => run.orderOf({ from, to }) !== 'none' && test({ from, to }));
    for (const from of linked) dropLink(state, run, { from, to });
  }
}

function dropLink(state: RunningState, run: Configuration, { from, to }: Link): void {
  let dropped = 0;
  const queue = run.queueOf({ from, to });
  if (queue !== undefined) {
    const kept = state.queue[to]![queue]!.filter((message) => message['from'] !== from);
    dropped = state.queue[to]![queue]!.length - kept.length;
    if (dropped > 0) state.queue[to]![queue] = kept;
  } else {
    for (const messages of Object.values(state.inbox[to]!)) dropped += dropFrom(messages, from);
  }
  if (run.network.capacity !== undefined && dropped > 0) state.inFlight[run.scopeOf({ from, to })]! -= dropped;
}

function dropFrom(messages: SetDraft<Fields> | BagDraft<Fields>, from: string): number {
  let dropped = 0;
  for (const message of messages.where({ from }).toArray()) {
    const copies = 'count' in messages ? messages.count(message) : 1;
    if ('count' in messages) messages.delete(message, copies);
    else messages.delete(message);
    dropped += copies;
  }
  return dropped;
}
