/**
 * A behaviour in space and time: who took each step, which messages it sent, received and lost.
 *
 * Of a protocol (`defineProtocol`) all of that can be told from its states, which hold the messages in flight: what a step
 * adds to them it sent, and what it takes out it received, or lost where it was a fault. Of other specs only who took a step
 * can be told, and only where a parameter is one of the names in a constant: `rmPrepare(rm=rm2)` was taken by rm2.
 */
import type { TraceStep } from '../explore/index.ts';
import { faultMeanings } from '../protocol/index.ts';
import { Bag, isRecord, kindOf, SetValue, show, type RecordValue, type Value } from '../value/index.ts';

/** A message of a behaviour. */
export interface Message {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  /** What it says, beside its sender and its type. */
  readonly fields: RecordValue;
  /** The step that sent it; `undefined` where it is in flight in the initial state. */
  readonly sent?: number;
  /** The step that took it out of the network; `undefined` where it is in flight at the end. */
  readonly ended?: number;
  /** What became of it then. */
  readonly end?: 'received' | 'lost';
  /** Whether the network made it, as a second copy of another. */
  readonly isCopy?: true;
}

/** What happened in one step. Messages are numbers in the list of all. */
export interface Happening {
  /** Who took the step; `undefined` where nobody in particular did. */
  readonly lane?: string;
  readonly sent: readonly number[];
  readonly received: readonly number[];
  readonly lost: readonly number[];
}

/** A behaviour in space and time. */
export interface SpaceTime {
  /** Those who take steps, in the order in which they are drawn; empty where none can be told. */
  readonly lanes: readonly string[];
  readonly messages: readonly Message[];
  /** One for each state of the behaviour; that of the initial state is empty. */
  readonly happenings: readonly Happening[];
}

/**
 * Finds who did what in a behaviour.
 *
 * What a network of sets takes in that holds it already leaves no trace in the state, nor does a message that a full
 * network refuses: neither is among the messages.
 *
 * Cost: O(steps · size of a state).
 */
export function spaceTimeOf(trace: readonly TraceStep[], constants: RecordValue): SpaceTime {
  const [first] = trace;
  if (first === undefined) return { lanes: [], messages: [], happenings: [] };
  return isProtocolState(first.state, constants) ? protocolSpaceTime(trace) : actorsOf(trace, constants);
}

/** Whether a state is one of a protocol: it has the variables, and the constants, that `defineProtocol` makes. */
export function isProtocolState(state: RecordValue, constants: RecordValue): boolean {
  const hasMessages = holdsRecord(state, 'inbox') || holdsRecord(state, 'queue');
  const hasNodes = holdsRecord(state, 'node') && holdsRecord(state, 'status');
  return holdsRecord(constants, 'faults') && holdsRecord(constants, 'network') && hasNodes && hasMessages;
}

function holdsRecord(record: RecordValue, name: string): boolean {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  return value !== undefined && isRecord(value);
}

// --- protocols -------------------------------------------------------------------------------------------------------

/** A message in flight, and how many equal ones there are. */
interface InFlight {
  readonly message: Pick<Message, 'from' | 'to' | 'type' | 'fields'>;
  count: number;
}

/** Messages in flight by what they are. */
type Network = Map<string, InFlight>;

function protocolSpaceTime(trace: readonly TraceStep[]): SpaceTime {
  const tracker = new Tracker(networkOf(trace[0]!.state));
  const happenings = trace.map((step, i) => (i === 0 ? nothing : tracker.follow(i, step, networkOf(step.state))));
  const { node, client } = trace[0]!.state as { readonly node: RecordValue; readonly client?: RecordValue };
  return { lanes: [...Object.keys(node), ...Object.keys(client ?? {})], messages: tracker.messages, happenings };
}

const nothing: Happening = { sent: [], received: [], lost: [] };

/** Follows messages from step to step. Of equal ones, the first that was sent is taken to be the first that arrives. */
class Tracker {
  readonly messages: { -readonly [K in keyof Message]: Message[K] }[] = [];
  #network: Network;
  /** The numbers of messages in flight, oldest first. */
  readonly #open = new Map<string, number[]>();

  constructor(initial: Network) {
    this.#network = new Map();
    for (const [key, { message, count }] of initial) for (let n = 0; n < count; n++) this.#begin(key, message, {});
    this.#network = initial;
  }

  follow(index: number, { action, parameters }: TraceStep, after: Network): Happening {
    const before = this.#network;
    this.#network = after;
    const isFault = action !== null && Object.hasOwn(faultMeanings, action);
    const delivered = action === null || isFault ? undefined : deliveredBy(action, parameters);
    // A copy that arrives while the message stays in flight: how a network of sets duplicates.
    const copied = action === 'duplication' ? deliveredBy(nameOf(parameters['type']), parameters) : undefined;
    const received: number[] = [];
    const sent: number[] = [];
    const lost: number[] = [];
    const handled = delivered !== undefined && (before.get(delivered)?.count ?? 0) > 0 ? delivered : undefined;
    if (handled !== undefined) received.push(this.#end(handled, index, 'received'));
    for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
      const left = (before.get(key)?.count ?? 0) - (key === handled ? 1 : 0);
      const now = after.get(key)?.count ?? 0;
      for (let n = now; n < left; n++) lost.push(this.#end(key, index, 'lost'));
      for (let n = left; n < now; n++) {
        const isCopy = action === 'duplication' && left > 0;
        sent.push(this.#begin(key, after.get(key)!.message, { sent: index, ...(isCopy && { isCopy }) }));
      }
    }
    if (copied !== undefined && sameCount(before, after, copied)) {
      received.push(
        this.messages.push({
          ...before.get(copied)!.message,
          sent: index,
          ended: index,
          end: 'received',
          isCopy: true,
        }) - 1,
      );
    }
    const lane = laneOf(parameters, action);
    return { ...(lane !== undefined && { lane }), sent, received, lost };
  }

  #begin(key: string, message: InFlight['message'], more: Pick<Message, 'sent' | 'isCopy'>): number {
    const number = this.messages.push({ ...message, ...more }) - 1;
    this.#open.set(key, [...(this.#open.get(key) ?? []), number]);
    return number;
  }

  #end(key: string, ended: number, end: 'received' | 'lost'): number {
    const [number = -1, ...others] = this.#open.get(key) ?? [];
    this.#open.set(key, others);
    Object.assign(this.messages[number]!, { ended, end });
    return number;
  }
}

function sameCount(before: Network, after: Network, key: string): boolean {
  const count = before.get(key)?.count ?? 0;
  return count > 0 && after.get(key)?.count === count;
}

/** Who takes a step of a protocol: a node acts `at` itself; a message is handled where it goes `to`, but lost by nobody. */
function laneOf({ at, to }: RecordValue, action: string | null): string | undefined {
  if (typeof at === 'string') return at;
  return typeof to === 'string' && action !== 'loss' && action !== 'cutLink' ? to : undefined;
}

/** The message that a step hands to its receiver, as a key of the network; `undefined` where it hands none. */
function deliveredBy(type: string, { to, message }: RecordValue): string | undefined {
  if (typeof to !== 'string' || message === undefined || !isRecord(message)) return undefined;
  return keyOf(messageOf(to, type, message));
}

function messageOf(to: string, type: string, held: RecordValue): InFlight['message'] {
  const { from, type: _, ...fields } = held;
  return { from: nameOf(from), to, type, fields };
}

function keyOf({ from, to, type, fields }: InFlight['message']): string {
  return show([from, to, type, fields]);
}

/** A name, which is a text in every protocol. */
function nameOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : show(value);
}

/** How many messages a step between two states of a protocol puts in flight. */
export function messagesPutInFlight(before: RecordValue, after: RecordValue): number {
  const was = networkOf(before);
  let put = 0;
  for (const [key, { count }] of networkOf(after)) put += Math.max(0, count - (was.get(key)?.count ?? 0));
  return put;
}

/** All messages in flight in a state. */
function networkOf(state: RecordValue): Network {
  const network: Network = new Map();
  const add = (message: InFlight['message'], count: number): void => {
    const key = keyOf(message);
    const known = network.get(key);
    if (known === undefined) network.set(key, { message, count });
    else known.count += count;
  };
  const { inbox = {}, queue = {} } = state;
  for (const [to, byType] of fieldsOf(inbox)) {
    for (const [type, held] of fieldsOf(byType)) {
      for (const [message, count] of countsOf(held)) if (isRecord(message)) add(messageOf(to, type, message), count);
    }
  }
  for (const [to, bySender] of fieldsOf(queue)) {
    for (const [, queued] of fieldsOf(bySender)) {
      for (const message of kindOf(queued) === 'array' ? (queued as readonly Value[]) : []) {
        if (isRecord(message)) add(messageOf(to, nameOf(message['type']), message), 1);
      }
    }
  }
  return network;
}

function fieldsOf(value: Value): readonly (readonly [string, Value])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

function countsOf(value: Value): readonly (readonly [Value, number])[] {
  if (value instanceof SetValue) return value.elements().map((element) => [element, 1]);
  return value instanceof Bag ? value.pairs() : [];
}

// --- other specs -----------------------------------------------------------------------------------------------------

/** Who took each step, where a parameter is one of the names in a constant. */
function actorsOf(trace: readonly TraceStep[], constants: RecordValue): SpaceTime {
  const names = Object.values(constants).flatMap(namesIn);
  const happenings = trace.map(({ parameters }): Happening => {
    const lane = Object.values(parameters).find((value) => typeof value === 'string' && names.includes(value));
    return lane === undefined ? nothing : { ...nothing, lane: lane as string };
  });
  const acting = new Set(happenings.map(({ lane }) => lane));
  return { lanes: [...new Set(names)].filter((name) => acting.has(name)), messages: [], happenings };
}

function namesIn(constant: Value): readonly string[] {
  if (kindOf(constant) !== 'array') return [];
  return (constant as readonly Value[]).filter((name) => typeof name === 'string');
}
