/**
 * Which leaves commute: where steps with both are enabled, either order leads to the same state.
 *
 * Two leaves commute if neither writes what the other read on its way, and their writes commute. That is told from the
 * leaves alone, so it holds in every state in which both are enabled. What leaves write comes in few kinds, however many
 * leaves there are: most of it is compared once for each pair of kinds, or of a leaf and a kind.
 */
import type { Forest, Leaf } from './forest.ts';
import { PairMap } from './int-tables.ts';
import type { Learner } from './learner.ts';
import { Ask, textOf, type Effect, type Query } from './query.ts';
import type { ValueTable } from './value-table.ts';
import { disturbs } from './watch.ts';

/** What a leaf read on its way, and what it writes. */
interface Footprint {
  readonly reads: readonly { readonly query: Query; readonly answer: number }[];
  readonly effects: readonly Effect[];
  readonly readSlots: ReadonlySet<number>;
  /** Leaves that write the same are of one kind. */
  readonly kind: number;
  /** For each kind of leaf whether what it writes changes one of the answers: 1 if so, 2 if not, 0 where it is not known. */
  disturbedBy: Uint8Array;
}

/** Answers which leaves commute. Cost: a footprint for each leaf that was asked for, and a few bytes for each answer. */
export class CommutingLeaves {
  readonly #learner: Learner;
  readonly #forest: Forest;
  readonly #values: ValueTable;
  readonly #footprints: (Footprint | undefined)[] = [];
  /** What leaves write, with the number of the kind; and for pairs of kinds: 1 where their changes commute, 2 where they do not. */
  readonly #kinds = new Map<string, number>();
  readonly #kindPairs = new PairMap();
  /** For pairs of leaves: 1 where they commute, 2 where they do not. */
  readonly #pairs = new PairMap();

  constructor(learner: Learner, values: ValueTable) {
    this.#learner = learner;
    this.#forest = learner.forest;
    this.#values = values;
  }

  /** Whether steps with these leaves, both enabled in a state, commute there. */
  commute(a: number, b: number): boolean {
    const known = this.#pairs.get(a, b);
    if (known !== 0) return known === 1;
    const commute = this.areIndependent(a, b);
    this.#pairs.set(a, b, commute ? 1 : 2);
    return commute;
  }

  /** As {@link commute}, for a pair that is asked for once: the answer is not kept. */
  areIndependent(a: number, b: number): boolean {
    const x = this.#footprint(a);
    const y = this.#footprint(b);
    if (this.#disturbs(x, y) || this.#disturbs(y, x)) return false;
    const known = this.#kindPairs.get(x.kind, y.kind);
    if (known !== 0) return known === 1;
    const commute = x.effects.every((effect) => y.effects.every((other) => effectsCommute(effect, other)));
    this.#kindPairs.set(x.kind, y.kind, commute ? 1 : 2);
    return commute;
  }

  /** Whether a step with this leaf can be taken again at once, and then changes nothing. */
  isIdempotent(leaf: number): boolean {
    const footprint = this.#footprint(leaf);
    return footprint.effects.every(({ relative }) => !relative) && !this.#disturbs(footprint, footprint);
  }

  /** Whether what one leaf writes changes an answer on the way to another. */
  #disturbs({ effects, kind }: Footprint, other: Footprint): boolean {
    const known = other.disturbedBy[kind] ?? 0;
    if (known !== 0) return known === 1;
    const { reads, readSlots } = other;
    const disturbs = effects.some(
      (effect) =>
        readSlots.has(effect.slot) &&
        reads.some(({ query, answer }) => changesAnswer(effect, query, answer, this.#values)),
    );
    if (kind >= other.disturbedBy.length) {
      const longer = new Uint8Array(2 * kind + 8);
      longer.set(other.disturbedBy);
      other.disturbedBy = longer;
    }
    other.disturbedBy[kind] = disturbs ? 1 : 2;
    return disturbs;
  }

  #footprint(leaf: number): Footprint {
    const known = this.#footprints[leaf];
    if (known !== undefined) return known;
    const { effects } = this.#forest.leaves[leaf] as Leaf;
    const reads = this.#learner.readsOf(leaf);
    const readSlots = new Set(reads.map(({ query }) => query.slot));
    const written = textOf(effects);
    const kind = this.#kinds.get(written) ?? this.#kinds.size;
    this.#kinds.set(written, kind);
    return (this.#footprints[leaf] = { reads, effects, readSlots, kind, disturbedBy: new Uint8Array(64) });
  }
}

/** Whether an effect may change the answer that a query about the state before it got. */
export function changesAnswer(effect: Effect, query: Query, answer: number, values: ValueTable): boolean {
  if (!disturbs(effect, query, values)) return false;
  const { ask } = query;
  // The element that was chosen is still there to be chosen.
  if (ask === Ask.fork) return effect.key === 0 || effect.key === answer;
  // What is written is what was there.
  const isSame = !effect.relative && effect.value === answer;
  return !(isSame && (effect.key === 0 ? ask === Ask.whole : ask === Ask.entry));
}

/** Whether two changes give the same in either order, whatever the state. */
export function effectsCommute(a: Effect, b: Effect): boolean {
  if (a.slot !== b.slot) return true;
  if (a.key !== b.key) return a.key !== 0 && b.key !== 0;
  if (a.relative !== b.relative) return false;
  if (!a.relative) return a.value === b.value;
  return (isAddition(a) && isAddition(b)) || (isRemoval(a) && isRemoval(b));
}

/** Whether a relative change adds to a count, whatever the count: its floor never matters. */
function isAddition({ value, floor }: Effect): boolean {
  return value >= 0 && floor <= value;
}

/** Whether a relative change takes from a count down to nothing. */
function isRemoval({ value, floor }: Effect): boolean {
  return value <= 0 && floor === 0;
}
