/** In which order, and how often, messages are delivered. */
import { equal } from '../../value/index.ts';
import { isPrefixOfEither } from './logs.ts';

/** A message that was broadcast: who sent it, as its how-manieth, after having delivered or sent which others. */
export interface BroadcastMessage {
  readonly sender: string;
  /** 1, 2, 3, … for each sender. */
  readonly number: number;
}

/**
 * Whether messages of each sender are delivered in the order in which it sent them, none left out before another.
 *
 * @param delivered - what one node delivered, in order
 */
export function fifoDelivery(delivered: readonly BroadcastMessage[]): boolean {
  const last = new Map<string, number>();
  return delivered.every(({ sender, number }) => {
    const expected = (last.get(sender) ?? 0) + 1;
    last.set(sender, number);
    return number === expected;
  });
}

/**
 * Whether whatever a message depends on is delivered before it. If it fails, an answer is read before its question.
 *
 * @param delivered - what one node delivered, in order; `after` are the messages that its sender had sent or delivered
 */
export function causalDelivery(
  delivered: readonly (BroadcastMessage & { readonly after: readonly BroadcastMessage[] })[],
): boolean {
  return delivered.every(({ after }, i) => after.every((cause) => isAmong(delivered.slice(0, i), cause)));
}

function isAmong(messages: readonly BroadcastMessage[], { sender, number }: BroadcastMessage): boolean {
  return messages.some((message) => message.sender === sender && message.number === number);
}

/**
 * Whether all nodes deliver the same messages in the same order, as far as they have come. If it fails, replicas diverge.
 *
 * @param deliveries - what each node delivered, in order
 */
export function totalOrderDelivery(deliveries: Iterable<readonly unknown[]>): boolean {
  const all = [...deliveries];
  return all.every((a, i) => all.slice(i + 1).every((b) => isPrefixOfEither(a, b)));
}

/** Whether nothing is delivered twice. */
export function noDuplication(delivered: readonly unknown[]): boolean {
  return delivered.every((message, i) => !delivered.slice(i + 1).some((other) => equal(message, other)));
}

/** Whether everything that is delivered was sent. */
export function noCreation(delivered: Iterable<unknown>, sent: Iterable<unknown>): boolean {
  const all = [...sent];
  return [...delivered].every((message) => all.some((other) => equal(message, other)));
}

/**
 * Whether what was acknowledged took effect once, and nothing took effect more often. If it fails, a payment is made twice
 * or, with a receipt, not at all.
 *
 * @param effects - every effect, as the request that it is of
 * @param acknowledged - the requests whose clients were answered
 */
export function exactlyOnce(effects: Iterable<unknown>, acknowledged: Iterable<unknown>): boolean {
  const done = [...effects];
  return noDuplication(done) && noCreation(acknowledged, done);
}
