/**
 * Of every state of a graph, with which states of some automata a fair cycle may be reached from there: one pass over the
 * graph for all of them.
 *
 * A depth-first search divides the graph into its strongly connected parts; when a part is complete, so is everything that
 * it leads to. A part that breaks a condition of fairness holds no fair cycle. What a part itself and what it leads to
 * offers gives, by the transitions of the automata backwards, what each of its states offers. Of a part of one state that
 * is exact, stuttering being its only cycle. Of a larger one it may be too much: the order of its states is not looked
 * at. So where a state offers nothing, there is nothing; where it offers something, that is to be searched for.
 *
 * Most protocols do not return to where they were: then this decides all temporal properties at the cost of one. Where a
 * fair part turns out to be large, the search gives up, since it would say little.
 *
 * Cost: the steps of each state once; a word and the place of each state.
 */
import { IntList } from '../transition/index.ts';
import { acceptingStates, admits, type Automaton, type Transition } from './automaton.ts';
import type { FairSteps } from './fair-steps.ts';
import { LiveParts } from './live-parts.ts';

const dead = -1;
const movesBetweenPauses = 1024;

/** More letters than these are worked out again. */
const mostLetters = 4096;

/** States of all automata fit into one word of bits. */
export const mostAutomatonStates = 32;

/** A transition of one of the automata, with its ends as bits. */
interface Move {
  readonly transition: Transition;
  readonly from: number;
  readonly to: number;
}

/** What the automata may do in states with some atoms. */
interface LetterMoves {
  readonly moves: readonly Move[];
  /** Those that may be taken with a stuttering step. */
  readonly stuttering: readonly Move[];
  /** The states of automata in which they accept a behaviour that stays there for ever, as bits. */
  readonly resting: number;
}

export class FutureSearch {
  /** Of each state the states of automata, as bits; of a state that is not searched yet, none. */
  readonly bits: Int32Array;
  /** Whether the search ended before it had looked at all: its bits then mean nothing. */
  gaveUp = false;
  readonly #steps: FairSteps;
  readonly #letters: Int32Array;
  readonly #automata: readonly Automaton[];
  readonly #firstBits: readonly number[];
  readonly #moves: readonly Move[];
  readonly #ofLetter = new Map<number, LetterMoves>();
  /** The place of each state among the live ones plus one, or `dead`. */
  readonly #order: Int32Array;
  readonly #parts = new LiveParts();
  readonly #path = new IntList();
  readonly #pathEdges = new IntList();
  /** Edges that are still to be followed: their targets, and which row of the conditions they satisfy. */
  readonly #targets = new IntList();
  readonly #rows = new IntList();
  readonly #mostFair: number;
  #count = 0;

  /**
   * @param letters - of each state of the graph, the atoms that are true of it
   * @param automata - with at most {@link mostAutomatonStates} states in all
   */
  constructor(steps: FairSteps, letters: Int32Array, automata: readonly Automaton[]) {
    this.#steps = steps;
    this.#letters = letters;
    this.#automata = automata;
    this.#order = new Int32Array(letters.length);
    this.bits = new Int32Array(letters.length);
    this.#mostFair = Math.max(1000, letters.length >>> 3);
    let bit = 0;
    this.#firstBits = automata.map(({ transitions }) => (bit += transitions.length) - transitions.length);
    this.#moves = automata.flatMap(({ transitions }, i) =>
      transitions.flatMap((own, state) =>
        own.map((transition) => ({
          transition,
          from: 1 << (this.firstBit(i) + state),
          to: 1 << (this.firstBit(i) + transition.to),
        })),
      ),
    );
  }

  /** The bit of the first state of an automaton. */
  firstBit(automaton: number): number {
    return this.#firstBits[automaton] as number;
  }

  get bytes(): number {
    const lists = [this.#parts, this.#path, this.#pathEdges, this.#targets, this.#rows];
    return lists.reduce((sum, { bytes }) => sum + bytes, this.#order.byteLength + this.bits.byteLength);
  }

  /** Searches the whole graph, and pauses now and then. */
  *search(): Generator<void, void> {
    const { initialCount } = this.#steps.graph;
    for (let state = 0; state < initialCount; state++) {
      if (this.#order[state] !== 0) continue;
      this.#enter(state, 0);
      while (this.#path.length > 0 && !this.gaveUp) {
        const top = this.#path.length - 1;
        if (this.#targets.length > this.#pathEdges.at(top)) this.#follow();
        else this.#leave();
        if (++this.#count % movesBetweenPauses === 0) yield;
      }
    }
  }

  #follow(): void {
    const edge = --this.#targets.length;
    this.#rows.length = edge;
    const target = this.#targets.at(edge);
    const row = this.#rows.at(edge);
    const order = this.#order[target] as number;
    if (order === 0) this.#enter(target, row);
    else if (order === dead) this.#parts.mark(this.bits[target] as number);
    else this.#merge(order, this.#steps.satisfied, row * this.#steps.words);
  }

  /** @param row - of the edge that leads there: which row of the conditions that steps satisfy is its own */
  #enter(state: number, row: number): void {
    const steps = this.#steps;
    steps.look(state);
    const { words, targets, rows, satisfied } = steps;
    this.#parts.reserve(words);
    this.#order[state] = this.#parts.begin(state, steps.enabled, 0, satisfied, row * words);
    this.#path.push(state);
    this.#pathEdges.push(this.#targets.length);
    let offered = 0;
    // The first step stutters.
    for (let k = 1; k < steps.count; k++) {
      const target = targets[k] as number;
      const order = this.#order[target] as number;
      if (order === dead) offered |= this.bits[target] as number;
      else if (order > 0) this.#merge(order, satisfied, rows[k] as number);
      else {
        this.#targets.push(target);
        this.#rows.push((rows[k] as number) / words);
      }
    }
    this.#parts.mark(offered);
  }

  #merge(order: number, satisfied: Int32Array, at: number): void {
    const parts = this.#parts;
    parts.merge(order, 0, satisfied, at);
    const top = parts.count - 1;
    if (parts.nodes.length - parts.root(top) >= this.#mostFair && parts.isFair(top, 0)) this.gaveUp = true;
  }

  #leave(): void {
    const state = this.#path.items[--this.#path.length] as number;
    this.#pathEdges.length = this.#path.length;
    const parts = this.#parts;
    const top = parts.count - 1;
    if (parts.root(top) !== this.#order[state]) return;
    const first = parts.root(top) - 1;
    if (first === parts.nodes.length - 1) this.bits[state] = this.#offeredAlone(state, top);
    else this.#offerTogether(parts.nodes.items.subarray(first, parts.nodes.length), top);
    for (let i = first; i < parts.nodes.length; i++) this.#order[parts.nodes.at(i)] = dead;
    parts.end();
    // What the state offers, the one before it on the path does.
    if (parts.count > 0) parts.mark(this.bits[state] as number);
  }

  /** What a state offers that is a part of its own. */
  #offeredAlone(state: number, part: number): number {
    const { moves, stuttering, resting } = this.#movesOf(this.#letters[state] as number);
    const onward = this.#parts.marks(part);
    const offered = this.#parts.isFair(part, 0) ? resting : 0;
    return closed(offered | sources(moves, onward), stuttering);
  }

  /** Works out what the states of a larger part offer. */
  #offerTogether(states: Int32Array, part: number): void {
    const onward = this.#parts.marks(part);
    const together = new Set<Move>();
    for (const state of states)
      for (const move of this.#movesOf(this.#letters[state] as number).moves) together.add(move);
    const accepting = this.#parts.isFair(part, 0) ? this.#accepting([...together]) : 0;
    const offered = closed(accepting | onward, [...together]);
    for (const state of states)
      this.bits[state] = sources(this.#movesOf(this.#letters[state] as number).moves, offered);
  }

  #movesOf(letter: number): LetterMoves {
    const known = this.#ofLetter.get(letter);
    if (known !== undefined) return known;
    const moves = this.#moves.filter(({ transition }) => admits(transition, letter));
    const stuttering = moves.filter(({ transition }) => transition.trueOfStep === 0);
    const made = { moves, stuttering, resting: closed(this.#accepting(stuttering), stuttering) };
    if (this.#ofLetter.size >= mostLetters) this.#ofLetter.clear();
    this.#ofLetter.set(letter, made);
    return made;
  }

  /** The states in which automata may accept that make some moves only. */
  #accepting(moves: readonly Move[]): number {
    const allowed = new Set(moves.map(({ transition }) => transition));
    return this.#automata.reduce((bits, { transitions, allMarks }, i) => {
      const accepting = acceptingStates(
        transitions.map((own) => own.filter((transition) => allowed.has(transition))),
        allMarks,
      );
      return accepting.reduce((all, accepts, q) => (accepts ? all | (1 << (this.firstBit(i) + q)) : all), bits);
    }, 0);
  }
}

/** The states from which some moves lead to others. */
function sources(moves: readonly Move[], to: number): number {
  let from = 0;
  for (let i = 0; i < moves.length; i++) if ((moves[i]!.to & to) !== 0) from |= moves[i]!.from;
  return from;
}

/** Some states, and those from which moves lead there, and so on. */
function closed(states: number, moves: readonly Move[]): number {
  for (;;) {
    const more = states | sources(moves, states);
    if (more === states) return states;
    states = more;
  }
}
