/**
 * One run of user code, recorded: what it asked, what it chose, what it changed.
 *
 * A recording stands between user code and a state that is only known by the answers to queries. Each question is
 * asked once; what an earlier answer already tells is not asked again.
 */
import { canonical, type Value } from '../value/index.ts';
import type { Asked } from './forest.ts';
import { Ask, type Effect, type QueryTable } from './query.ts';
import type { ShapeChanged } from './shape.ts';
import type { ValueTable } from './value-table.ts';

/** The state, or pair of states, that user code runs on. */
export interface StateSource {
  /** The answer to a query other than a choice. */
  answer(query: number): number;
  /** The elements of a slot's collection, as numbers of the value table, in value order. */
  elements(side: 0 | 1, slot: number): readonly number[];
  /** The elements of an array of the value table. */
  domain(array: number): readonly number[];
}

/** Where in a run a choice was made: the elements to choose from, and which was taken. */
export interface ChoicePoint {
  readonly elements: readonly number[];
  readonly index: number;
}

export class Recording {
  readonly values: ValueTable;
  readonly asked: Asked[] = [];
  readonly choices: ChoicePoint[] = [];
  /** What was picked, by name: the choices, and what there was no choice of. */
  readonly picked: Record<string, Value> = {};
  /** The query of a choice among nothing, at which the run ended; -1 otherwise. */
  stoppedAt = -1;
  /** That the run found a record of another shape than was planned for. */
  shapeChanged: ShapeChanged | undefined;
  readonly #queries: QueryTable;
  readonly #source: StateSource;
  readonly #prefix: readonly number[];
  readonly #known = new Map<number, number>();

  /**
   * @param prefix - the elements to take at the first choices; the first element is taken at those that follow
   */
  constructor(queries: QueryTable, values: ValueTable, source: StateSource, prefix: readonly number[]) {
    this.#queries = queries;
    this.values = values;
    this.#source = source;
    this.#prefix = prefix;
  }

  /** The answer to a question about the state; recorded unless an earlier answer tells it. */
  ask(side: 0 | 1, slot: number, ask: Ask, argument: number): number {
    const query = this.#queries.id(side, slot, ask, argument);
    const known = this.#known.get(query);
    if (known !== undefined) return known;
    const answer = this.#source.answer(query);
    this.#known.set(query, answer);
    this.asked.push({ query, answer });
    return answer;
  }

  /** The whole value of a slot, if it was asked for before. */
  knownWhole(side: 0 | 1, slot: number): Value | undefined {
    const known = this.#known.get(this.#queries.id(side, slot, Ask.whole, 0));
    return known === undefined ? undefined : this.values.value(known);
  }

  /** Chooses an element of a slot's collection; undefined where it is empty. */
  fork(side: 0 | 1, slot: number, isSet: boolean): Value | undefined {
    const query = this.#queries.id(side, slot, Ask.fork, 0);
    const element = this.#take(query, this.#source.elements(side, slot));
    // An element that was picked from a set is in it.
    if (element !== undefined && isSet) this.#known.set(this.#queries.id(side, slot, Ask.entry, element), 1);
    return element === undefined ? undefined : this.values.value(element);
  }

  /** Chooses one of some elements that user code already knows; undefined where there are none. */
  choose(elements: readonly Value[]): Value | undefined {
    if (elements.length === 0) return undefined;
    if (elements.length === 1) return elements[0];
    const domain = this.values.id(canonical(elements));
    const element = this.#take(this.#queries.id(0, -1, Ask.choice, domain), this.#source.domain(domain));
    return this.values.value(element as number);
  }

  #take(query: number, elements: readonly number[]): number | undefined {
    if (elements.length === 0) {
      this.stoppedAt = query;
      return undefined;
    }
    const wanted = this.#prefix[this.choices.length];
    const index = wanted === undefined ? 0 : elements.indexOf(wanted);
    const element = elements[Math.max(index, 0)] as number;
    this.choices.push({ elements, index: Math.max(index, 0) });
    this.asked.push({ query, answer: element });
    return element;
  }
}

/** The effect that sets a slot. */
export function assignment(slot: number, value: number): Effect {
  return { slot, key: 0, relative: false, value, floor: 0 };
}
