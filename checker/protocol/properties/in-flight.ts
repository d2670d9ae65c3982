/** What is under way, for properties of any network: unordered links have inboxes, ordered ones have queues. */

/** The parts of the state of a protocol that hold messages; one that a configuration has no use for is not there. */
export interface MessagesInFlight {
  readonly inbox?: Readonly<Record<string, Readonly<Record<string, { readonly size: number }>>>>;
  readonly queue?: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
}

/**
 * How many messages are in flight to a node or a client, equal ones of a bag included: 0 where nothing is left to tell it.
 *
 * It reads how many there are, and not what they say.
 *
 * @param state - as an invariant has it
 * @param to - the receiver
 */
export function countInFlight({ inbox, queue }: MessagesInFlight, to: string): number {
  const unordered = Object.values(inbox?.[to] ?? {}).map((messages) => messages.size);
  const ordered = Object.values(queue?.[to] ?? {}).map((messages) => messages.length);
  return [...unordered, ...ordered].reduce((sum, count) => sum + count, 0);
}
