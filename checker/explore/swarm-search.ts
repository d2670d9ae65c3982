/**
 * The two kinds of searches of a swarm, each decided by a seed: where they go next among states that are rows.
 *
 * A *depth-first search* prefers steps in an order of its own, drawn once: half of them in an order of actions, with the steps
 * of one action in random order, the others in an order of steps, what they pick included. It enters a state once. *Random
 * walks* draw an action in each state, then one of its steps, and begin again where
 * they are stuck or long enough. How deep a search goes depends on its seed too: some bugs lie deep, some lie beside a
 * path that is short.
 *
 * Source: Holzmann, Joshi, Groce, *Swarm Verification Techniques* (2011): searches that differ in order and depth find
 * more in the same time than one.
 */
import { seededRandom, type Random } from '../core/index.ts';
import { IntList, mix } from '../transition/index.ts';
import { Steps } from './steps.ts';

export type SwarmSearchKind = 'depth-first' | 'random walks';

/** Where a search moves. */
export interface Ground {
  /** The rows of the initial states. */
  readonly initial: readonly number[];
  /** Says where the steps of a row lead, in an order that does not depend on what was explored before. */
  follow(row: number, into: Steps): void;
  /** The number of the action of a step. */
  actionOf(label: number): number;
  /** A hash of the action of a step and of what it picks, where that is known. */
  nameOf(label: number): number;
}

/** How far a search goes. */
export interface Reach {
  /** States on a path, at most. */
  readonly depth: number;
  /** States that the search looks at, or visits, at most. */
  readonly states: number;
}

export interface SwarmSearch {
  readonly kind: SwarmSearchKind;
  readonly seed: number;
  /** States whose steps were followed, repeats included. */
  readonly visited: number;
  /** The number of states on the longest path to a state that was looked at. */
  readonly deepest: number;
  /** Whether every state that can be reached was visited. */
  readonly sawAll: boolean;
  readonly bytes: number;
  /** Visits one more state; returns false where the search has come to its end instead. */
  advance(): boolean;
}

/** Path lengths of searches where no limit is set: those of three pairs of neighbouring seeds in turn. */
const depths = [100, 1000, 10_000] as const;

/** The search that a seed stands for: odd ones go depth first. Neighbouring seeds give searches that differ. */
export function searchOf(seed: number, ground: Ground, reach: Reach): SwarmSearch {
  const depth = Math.min(reach.depth, depths[Math.floor(seed / 2) % depths.length] as number);
  const Kind = seed % 2 === 1 ? DepthFirst : RandomWalks;
  return new Kind(seed, ground, { ...reach, depth });
}

/** What both kinds have. */
abstract class Search {
  readonly seed: number;
  visited = 0;
  deepest = 1;
  protected readonly ground: Ground;
  protected readonly reach: Reach;
  protected readonly random: Random;
  protected readonly steps = new Steps();
  /** Of each row: 0, 1 where it was looked at, 2 where it was entered. */
  #marks = new Uint8Array(1 << 12);
  #seen = 0;

  constructor(seed: number, ground: Ground, reach: Reach) {
    this.seed = seed;
    this.ground = ground;
    this.reach = reach;
    this.random = seededRandom(seed);
    for (const row of ground.initial) this.#look(row);
  }

  /** Whether the search has looked at as many states as it may. */
  protected get isOver(): boolean {
    return this.#seen >= this.reach.states || this.visited >= this.reach.states;
  }

  /** Follows the steps of a row at a depth, and looks at where they lead. */
  protected visit(row: number, depth: number): void {
    const { steps } = this;
    this.ground.follow(row, steps);
    this.visited++;
    for (let i = 0; i < steps.count; i++) {
      const target = steps.targets[i] as number;
      if (target < 0) continue;
      this.#look(target);
      if (depth >= this.deepest) this.deepest = depth + 1;
    }
  }

  #look(row: number): void {
    if (row >= this.#marks.length) {
      const longer = new Uint8Array(2 * row);
      longer.set(this.#marks);
      this.#marks = longer;
    }
    if (this.#marks[row] === 0) {
      this.#marks[row] = 1;
      this.#seen++;
    }
  }

  /** Enters a row that was looked at. */
  protected enter(row: number): void {
    this.#marks[row] = 2;
  }

  protected hasEntered(row: number): boolean {
    return this.#marks[row] === 2;
  }

  /** Memory of the search. */
  get bytes(): number {
    return this.#marks.byteLength;
  }

  /** Puts integers into random order. */
  protected shuffle(items: Int32Array | number[], count: number): void {
    for (let i = count - 1; i > 0; i--) {
      const j = this.random.below(i + 1);
      const item = items[i] as number;
      items[i] = items[j] as number;
      items[j] = item;
    }
  }
}

class DepthFirst extends Search implements SwarmSearch {
  readonly kind = 'depth-first';
  sawAll = false;
  /** Whether steps of one action that pick different things have ranks of their own. */
  readonly #ranksSteps: boolean;
  /** What makes ranks of names: the step with the lowest rank is followed first. */
  readonly #salt: number;
  /** Rows to visit, and the depth of each; the last comes next. */
  readonly #rows = new IntList();
  readonly #depths = new IntList();
  #order = new Int32Array(64);
  /** Whether states were left out because they lie too deep. */
  #isCut = false;

  constructor(seed: number, ground: Ground, reach: Reach) {
    super(seed, ground, reach);
    this.#ranksSteps = Math.floor(seed / 2) % 2 === 1;
    this.#salt = this.random.below(2 ** 32) | 0;
    const rows = [...ground.initial];
    this.shuffle(rows, rows.length);
    for (const row of rows) this.#push(row, 1);
  }

  override get bytes(): number {
    return super.bytes + this.#rows.bytes + this.#depths.bytes;
  }

  advance(): boolean {
    if (this.isOver) return false;
    while (this.#rows.length > 0) {
      const row = this.#rows.pop();
      const depth = this.#depths.pop();
      // A state that lies too deep on this path may be entered on another.
      if (depth >= this.reach.depth) this.#isCut = true;
      else if (!this.hasEntered(row)) {
        this.enter(row);
        this.visit(row, depth);
        this.#pushAll(depth + 1);
        return true;
      }
    }
    this.sawAll = !this.#isCut;
    return false;
  }

  /** Puts the steps at hand on the stack: first those that are to be followed last. */
  #pushAll(depth: number): void {
    const { targets, count } = this.steps;
    if (this.#order.length < count) this.#order = new Int32Array(2 * count);
    const order = this.#order;
    for (let i = 0; i < count; i++) order[i] = i;
    this.shuffle(order, count);
    for (let i = 1; i < count; i++) {
      const step = order[i] as number;
      const rank = this.#rankOf(step);
      let j = i - 1;
      for (; j >= 0 && this.#rankOf(order[j] as number) < rank; j--) order[j + 1] = order[j] as number;
      order[j + 1] = step;
    }
    for (let i = 0; i < count; i++) {
      const target = targets[order[i] as number] as number;
      if (target >= 0 && !this.hasEntered(target)) this.#push(target, depth);
    }
  }

  /** The rank of a step at hand. */
  #rankOf(step: number): number {
    const label = this.steps.labels[step] as number;
    return mix(this.#salt, this.#ranksSteps ? this.ground.nameOf(label) : this.ground.actionOf(label));
  }

  #push(row: number, depth: number): void {
    this.#rows.push(row);
    this.#depths.push(depth);
  }
}

class RandomWalks extends Search implements SwarmSearch {
  readonly kind = 'random walks';
  readonly sawAll = false;
  /** Where the walk is; -1 where the next one begins. */
  #at = -1;
  #depth = 0;

  advance(): boolean {
    const { initial } = this.ground;
    if (this.isOver || initial.length === 0) return false;
    if (this.#at < 0) {
      this.#at = initial[this.random.below(initial.length)] as number;
      this.#depth = 1;
    }
    const row = this.#at;
    this.visit(row, this.#depth);
    this.#at = ++this.#depth < this.reach.depth ? this.#drawn(row) : -1;
    return true;
  }

  /** Where a step leads that is drawn among those that lead elsewhere: its action first; -1 where there is none. */
  #drawn(row: number): number {
    const { count } = this.steps;
    // The steps of one action are next to each other.
    let actions = 0;
    let action = -1;
    let chosen = -1;
    for (let i = 0; i < count; i++) {
      if (!this.#leaves(row, i) || this.#actionOf(i) === action) continue;
      action = this.#actionOf(i);
      if (this.random.below(++actions) === 0) chosen = action;
    }
    let steps = 0;
    let target = -1;
    for (let i = 0; i < count; i++) {
      if (!this.#leaves(row, i) || this.#actionOf(i) !== chosen) continue;
      if (this.random.below(++steps) === 0) target = this.steps.targets[i] as number;
    }
    return target;
  }

  /** Whether a step at hand leads from a row to another. */
  #leaves(row: number, step: number): boolean {
    const target = this.steps.targets[step] as number;
    return target >= 0 && target !== row;
  }

  #actionOf(step: number): number {
    return this.ground.actionOf(this.steps.labels[step] as number);
  }
}
