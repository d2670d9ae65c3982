/**
 * Sleep sets: of two steps that commute, one order is enough.
 *
 * A step *sleeps* in a state where another path, which is followed anyway, leads to its successor. Say `t` and `u` are
 * enabled in a state and commute; then `t u` and `u t` lead to the same state, and after `u` the step `t` may sleep if
 * it comes before `u`, or slept already. So with each new state its sleep set is kept: of the steps that slept in its
 * parent, or come before the step that led from there, those that commute with that step. No state is lost and none is
 * found at another depth; only transitions are saved, and all of them are still known, since a step that sleeps is
 * enabled: they are counted and judged.
 *
 * Why one sleep set a state is enough, that of its *first* arrival (in the order of a breadth-first search: by parent,
 * then by step), and the others need not be intersected with it. Claim: if `t` sleeps in `p`, a row that was stored
 * before `p` has a step to `t(p)`, or `t(p)` lies on no later level than `p`. Proof, by induction on the levels: let
 * `(g, u)` be the first arrival at `p`, so `t` commutes with `u` in `g`, and let `g' = t(g)`, from which `u` leads to
 * `t(p)`. If `t` slept in `g`, the claim says that `g'` was reached from a row before `g`, so it is stored before `p`. If
 * not, `(g, t)` comes before `(g, u)`, so `g'` is stored before `p` or is `p`, whose first arrival would then be `(g, t)`
 * or one before it. In either case `g'` is a row before `p` with a step to `t(p)`. Hence the first arrival at a state is
 * never by a step that sleeps: every state is found, by the step by which a full search finds it first, and the rows
 * stand in the same order. So counterexamples and coverage are those of the full search, too.
 *
 * A step that changes nothing sleeps after every other with which it commutes: there it changes nothing either. Nor does
 * a step that was just taken, if it writes nothing that it reads. (The claim then has a third case: `t(p)` is `p`.)
 *
 * Not sound where states or steps are left out for other reasons: under a constraint, an action constraint or a view.
 *
 * After Godefroid, *Partial-Order Methods for the Verification of Concurrent Systems* (1996), chapter 5.
 */
import { idOf, isLeaf } from './code.ts';
import { leavesOf } from './code-lists.ts';
import { CommutingLeaves } from './commuting-leaves.ts';
import type { Forest } from './forest.ts';
import { grown, IntList } from './int-tables.ts';
import type { Learner } from './learner.ts';
import type { Relation } from './relation.ts';
import { StepBits, type SleepOutline } from './step-bits.ts';
import type { ValueTable } from './value-table.ts';

/**
 * The leaves that are compared with each other, at most: where user code gives nearly every state a leaf of its own, to
 * compare all pairs of them costs more than it saves.
 */
const mostMembers = 2048;
/** In the place of the bit of a leaf that came after those: its step never sleeps there, and after it none does. */
const late = -2;

/**
 * The steps that may sleep, as masks of the bits of {@link StepBits}.
 *
 * Cost: a few operations for each enabled step, and one comparison for each pair of leaves, of the first few thousand.
 */
export class SleepSets {
  /** The 32-bit words of a sleep set. */
  readonly words: number;
  /** The sleep set of the row that is being expanded. */
  readonly asleep: Int32Array;

  readonly #forest: Forest;
  readonly #steps: StepBits;
  readonly #commuting: CommutingLeaves;
  /** Of the row that is being expanded: the steps that do not sleep, and what the enabled ones were found behind. */
  readonly #awake: Int32Array;
  #codes = new IntList();
  /** The leaf of each enabled step, once it was asked for. */
  readonly #leafOf: Int32Array;
  #isMapped = false;
  readonly #enabled = new IntList();
  /** For each list of the relation, where in `#listMasks` the steps of its leaves stand; 0 not known, -1 without bits. */
  #relation: Relation | undefined;
  #maskOfList = new Int32Array(256);
  readonly #listMasks = new IntList();
  /** For each leaf its bit, -1 for a step without one, or `late`. Leaves from `#prepared` on are not known yet. */
  #bits = new Int32Array(256);
  #prepared = 1;
  /** The leaves that have a bit, and for each leaf how many of them it was compared with. */
  readonly #members: number[] = [];
  readonly #memberOf: number[] = [];
  #compared = new Int32Array(256);
  /** For each leaf: the steps that come before it, those with a leaf that commutes with it, and with one that does not. */
  #earlier: Int32Array<ArrayBuffer>;
  #free: Int32Array<ArrayBuffer>;
  #bound: Int32Array<ArrayBuffer>;
  /** For each leaf: its own step, if to take it again changes nothing. */
  #again: Int32Array<ArrayBuffer>;

  /**
   * @param actions - how many actions there are; they are the first routines
   * @param plan - how often each leaf was taken so far: the steps that are taken most get bits first. Or the outline of
   *   sleep sets over the same leaves: each step gets the bit that it has there
   */
  constructor(learner: Learner, values: ValueTable, actions: number, plan: ArrayLike<number> | SleepOutline) {
    this.#forest = learner.forest;
    this.#steps = new StepBits(learner, actions, plan);
    this.#commuting = new CommutingLeaves(learner, values);
    this.words = this.#steps.words;
    this.asleep = new Int32Array(this.words);
    this.#awake = new Int32Array(this.words);
    this.#leafOf = new Int32Array(32 * this.words);
    this.#earlier = new Int32Array(256 * this.words);
    this.#free = new Int32Array(256 * this.words);
    this.#bound = new Int32Array(256 * this.words);
    this.#again = new Int32Array(256 * this.words);
  }

  /** What a copy needs to give each step the same bit. */
  get outline(): SleepOutline {
    return this.#steps.outline;
  }

  /**
   * Finds the enabled steps that do not sleep, in a state whose sleep set is {@link asleep}.
   *
   * @param codes - what the enabled steps were found behind
   * @param leaves - receives the leaves of those to follow
   */
  sift(relation: Relation, codes: IntList, leaves: IntList): void {
    if (this.#prepared < this.#forest.leaves.length) this.#prepare();
    if (relation !== this.#relation) {
      this.#relation = relation;
      this.#listMasks.length = 0;
      this.#maskOfList.fill(0);
    }
    this.#codes = codes;
    this.#isMapped = false;
    for (let w = 0; w < this.words; w++) this.#awake[w] = 0;
    leaves.length = 0;
    const { lists } = relation;
    for (let i = 0; i < codes.length; i++) {
      const code = codes.at(i);
      const at = idOf(code);
      if (isLeaf(code)) this.#wake(at, leaves);
      else if (!this.#areAsleep(at)) {
        for (let j = at + 2, end = j + (lists[at] as number); j < end; j++) this.#wake(lists[j] as number, leaves);
      }
    }
  }

  /** Adds a leaf to those to follow, unless its step sleeps. */
  #wake(leaf: number, leaves: IntList): void {
    const bit = this.#bits[leaf] as number;
    if (bit >= 0) {
      const word = bit >>> 5;
      if ((((this.asleep[word] as number) >>> (bit & 31)) & 1) === 1) return;
      this.#awake[word] = (this.#awake[word] as number) | (1 << (bit & 31));
    }
    leaves.push(leaf);
  }

  /** Whether the steps of all leaves of a list sleep. */
  #areAsleep(list: number): boolean {
    const known = list < this.#maskOfList.length ? (this.#maskOfList[list] as number) : 0;
    const mask = known === 0 ? this.#workOutMask(list) : known;
    if (mask < 0) return false;
    const { asleep, words } = this;
    const masks = this.#listMasks.items;
    for (let w = 0; w < words; w++) if (((masks[mask + w] as number) & ~(asleep[w] as number)) !== 0) return false;
    return true;
  }

  /** Keeps which steps the leaves of a list are of; -1 where one of them has no bit. */
  #workOutMask(list: number): number {
    if (this.#listMasks.length === 0) this.#listMasks.push(0);
    const { lists } = this.#relation as Relation;
    const words = this.maskOf(lists.subarray(list + 2, list + 2 + (lists[list] as number)));
    const mask = words === undefined ? -1 : this.#listMasks.length;
    for (const word of words ?? []) this.#listMasks.push(word);
    if (list >= this.#maskOfList.length) this.#maskOfList = grown(this.#maskOfList, list + 1);
    this.#maskOfList[list] = mask;
    return mask;
  }

  /**
   * Lets a step sleep after all that {@link sift} left, whatever their order: it changes nothing, here and after any step
   * with which it commutes.
   */
  rest(leaf: number): void {
    const bit = this.#bits[leaf] as number;
    if (bit >= 0) this.asleep[bit >>> 5] = (this.asleep[bit >>> 5] as number) | (1 << (bit & 31));
  }

  /** Writes the sleep set of the successor by a leaf that {@link sift} left. */
  successor(leaf: number, target: Int32Array, at: number): void {
    const { asleep, words } = this;
    if (this.#bits[leaf] === late) {
      target.fill(0, at, at + words);
      return;
    }
    if ((this.#compared[leaf] as number) < this.#members.length) this.#compare(leaf);
    for (let w = 0; w < words; w++) {
      const i = leaf * words + w;
      const sleepy = (asleep[w] as number) | ((this.#awake[w] as number) & (this.#earlier[i] as number));
      const free = sleepy & (this.#free[i] as number);
      const doubtful = free & (this.#bound[i] as number);
      const decided = doubtful === 0 ? free : this.#decide(leaf, w, free, doubtful);
      target[at + w] = decided | (this.#again[i] as number);
    }
  }

  /** Looks at the leaves at hand of steps of which some leaves commute with a leaf, and others do not. */
  #decide(leaf: number, word: number, free: number, doubtful: number): number {
    if (!this.#isMapped) this.#mapLeaves();
    let mask = free;
    for (let rest = doubtful; rest !== 0; rest &= rest - 1) {
      const bit = 31 - Math.clz32(rest & -rest);
      if (!this.commute(leaf, this.#leafOf[32 * word + bit] as number)) mask &= ~(1 << bit);
    }
    return mask;
  }

  /** Notes the leaf of each enabled step. */
  #mapLeaves(): void {
    const leaves = this.#enabled;
    leavesOf((this.#relation as Relation).lists, this.#codes, leaves);
    for (let i = 0; i < leaves.length; i++) {
      const bit = this.#bits[leaves.at(i)] as number;
      if (bit >= 0) this.#leafOf[bit] = leaves.at(i);
    }
    this.#isMapped = true;
  }

  // --- for the compiled loop, which has masks of its own ----------------------------------------------------------

  /** How many leaves are compared with each other; leaves that were learned since this was asked last are among them. */
  get memberCount(): number {
    if (this.#prepared < this.#forest.leaves.length) this.#prepare();
    return this.#members.length;
  }

  /** The bit of the step of a leaf; -1 where it has none, -2 where it never sleeps and none does after it. */
  bitOf(leaf: number): number {
    return this.#bits[leaf] as number;
  }

  /** The number of a leaf among those that are compared with each other, for a leaf whose step has a bit. */
  memberOf(leaf: number): number {
    return this.#memberOf[leaf] as number;
  }

  /**
   * Copies the masks of a leaf, once it was compared with all others: the steps that come before it, those with a leaf that
   * commutes with it, those with one that does not, and its own, if to take it again changes nothing.
   */
  copyMasks(leaf: number, target: Int32Array, at: number): void {
    if ((this.#compared[leaf] as number) < this.#members.length) this.#compare(leaf);
    const { words } = this;
    [this.#earlier, this.#free, this.#bound, this.#again].forEach((masks, i) => {
      for (let w = 0; w < words; w++) target[at + i * words + w] = masks[leaf * words + w] as number;
    });
  }

  /** The bits of the steps of some leaves; undefined where one of them has none. */
  maskOf(leaves: Iterable<number>): number[] | undefined {
    const mask = Array.from({ length: this.words }, () => 0);
    for (const leaf of leaves) {
      const bit = this.#bits[leaf] as number;
      if (bit < 0) return undefined;
      mask[bit >>> 5]! |= 1 << (bit & 31);
    }
    return mask;
  }

  /** Whether steps with these leaves, both enabled in a state, commute there. */
  commute(a: number, b: number): boolean {
    return this.#commuting.commute(a, b);
  }

  // --- masks -----------------------------------------------------------------------------------------------------

  /** Gives masks to new leaves, and bits to their steps. */
  #prepare(): void {
    const { leaves } = this.#forest;
    if (leaves.length > this.#bits.length) this.#grow(leaves.length);
    for (let leaf = this.#prepared; leaf < leaves.length; leaf++) {
      if (this.#members.length < mostMembers) this.#prepareOne(leaf);
      else this.#bits[leaf] = late;
      this.#prepared = leaf + 1;
    }
  }

  #prepareOne(leaf: number): void {
    const { examples } = this.#steps;
    const known = examples.length;
    const bit = this.#steps.of(leaf);
    this.#bits[leaf] = bit;
    if (examples.length > known) for (let other = 1; other < leaf; other++) this.#noteOrder(bit, other);
    if (bit >= 0) {
      this.#memberOf[leaf] = this.#members.push(leaf) - 1;
      if (this.#commuting.isIdempotent(leaf)) this.#add(this.#again, leaf, bit);
    }
    for (let other = 0; other < examples.length; other++) this.#noteOrder(other, leaf);
  }

  #noteOrder(bit: number, leaf: number): void {
    if (this.#bits[leaf] !== bit && this.#steps.isBefore(bit, leaf)) this.#add(this.#earlier, leaf, bit);
  }

  #grow(leaves: number): void {
    this.#bits = grown(this.#bits, leaves);
    this.#compared = grown(this.#compared, leaves);
    this.#earlier = grown(this.#earlier, leaves * this.words);
    this.#free = grown(this.#free, leaves * this.words);
    this.#bound = grown(this.#bound, leaves * this.words);
    this.#again = grown(this.#again, leaves * this.words);
  }

  #add(masks: Int32Array, leaf: number, bit: number): void {
    const i = leaf * this.words + (bit >>> 5);
    masks[i] = (masks[i] as number) | (1 << (bit & 31));
  }

  /** Compares a leaf with those that got a bit since this was last done. */
  #compare(leaf: number): void {
    for (let i = this.#compared[leaf] as number; i < this.#members.length; i++) {
      const member = this.#members[i] as number;
      const masks = this.#commuting.areIndependent(leaf, member) ? this.#free : this.#bound;
      this.#add(masks, leaf, this.#bits[member] as number);
    }
    this.#compared[leaf] = this.#members.length;
  }
}
