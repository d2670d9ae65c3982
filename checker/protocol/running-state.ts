/** The state of a protocol as the compiled actions see it, where the author's types are not known. */
import type { BagDraft, SetDraft } from '../value/index.ts';

/** What a node is doing: `down` may restart, `gone` never does. */
export type Status = 'up' | 'down' | 'gone' | 'paused';

/** A link from one node to another. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

/** The fields of a node, of a message, or of history. */
export type Fields = Record<string, unknown>;

/** A message as an ordered link holds it. */
export type Queued = Fields & { readonly type: string };

/** What of a node has reached its disk: what it was at the last `fsync`, and after each write since. */
export interface Disk {
  synced: Fields;
  writes: Fields[];
}

/** A draft of the state; parts that the configuration does not need are not there. */
export interface RunningState {
  readonly node: Record<string, Fields>;
  readonly client: Record<string, Fields>;
  readonly history?: Fields;
  readonly status: Record<string, Status>;
  /** Messages on unordered links: by receiver, then by type. */
  readonly inbox: Record<string, Record<string, SetDraft<Fields> | BagDraft<Fields>>>;
  /** Messages on ordered links: by receiver, then by sender (`all` where the network orders all of them). */
  readonly queue: Record<string, Record<string, Queued[]>>;
  /** Messages in flight, where the network has a capacity: by link, by receiver, or of all (under `all`). */
  readonly inFlight: Record<string, number>;
  readonly faultsLeft?: Record<string, number>;
  /** Links that do not work. */
  readonly cut: SetDraft<Link>;
  readonly timer?: Record<string, Record<string, boolean>>;
  readonly clock: Record<string, number>;
  time: number;
  readonly disk: Record<string, Disk>;
}
