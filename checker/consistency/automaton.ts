/**
 * A model as an integer transition table that is filled while it is used.
 *
 * Operations that ask and answer the same are one letter of its alphabet, states are numbered as they are met, and the
 * model's `step` runs once for each pair of them. The testers then walk over integers; how costly a model is, and how
 * large its states are, no longer matters to them.
 */
import { keyOf } from './canonical-key.ts';
import { illegal, located, type SequentialModel } from './model.ts';
import { RowTable } from './row-table.ts';
import type { Operation } from './operation.ts';

/** The next state of a letter that is illegal in the state. */
export const noState = -1;

/** A model over integers: states from 0 (the initial one), letters as {@link Automaton.letterOf} numbers them. */
export class Automaton {
  readonly #model: SequentialModel;
  readonly #states: unknown[] = [];
  readonly #stateOfKey = new Map<string, number>();
  readonly #letters: Operation[] = [];
  readonly #letterOfKey = new Map<string, number>();
  /** The (state, letter) pairs that were tried, and where each leads. */
  readonly #tried = new RowTable(2);
  #leadsTo = new Int32Array(64);
  readonly #pair = new Int32Array(2);

  /** @param operations - all operations that will ever be asked for: they are the alphabet */
  constructor(model: SequentialModel, operations: readonly Operation[]) {
    this.#model = model;
    for (const operation of operations) located(model, operation, () => this.#intern(operation));
    this.#stateNumber(model.init);
  }

  get letterCount(): number {
    return this.#letters.length;
  }

  /** The letter of an operation of the alphabet. */
  letterOf(operation: Operation): number {
    const letter = this.#letterOfKey.get(letterKey(operation));
    if (letter === undefined) throw new Error('The operation is not in the alphabet.');
    return letter;
  }

  /** The state after `letter` in `state`, or {@link noState}. */
  next(state: number, letter: number): number {
    this.#pair[0] = state;
    this.#pair[1] = letter;
    const pair = this.#tried.add(this.#pair);
    return pair < 0 ? this.#leadsTo[~pair]! : this.#step(pair, state, letter);
  }

  /** Whether the model says that a letter never changes the state. */
  isRead(letter: number): boolean {
    const operation = this.#letters[letter]!;
    return located(this.#model, operation, () => this.#model.isRead?.(operation)) === true;
  }

  /** The model's own state behind a number. */
  stateAt(state: number): unknown {
    return this.#states[state];
  }

  #intern(operation: Operation): void {
    const key = letterKey(operation);
    if (this.#letterOfKey.has(key)) return;
    this.#letterOfKey.set(key, this.#letters.length);
    this.#letters.push(operation);
  }

  #stateNumber(state: unknown): number {
    const key = keyOf(state);
    const known = this.#stateOfKey.get(key);
    if (known !== undefined) return known;
    const number = this.#states.length;
    this.#states.push(state);
    this.#stateOfKey.set(key, number);
    return number;
  }

  #step(pair: number, state: number, letter: number): number {
    const operation = this.#letters[letter]!;
    const next: unknown = located(this.#model, operation, () => this.#model.step(this.#states[state], operation));
    const number = next === illegal ? noState : this.#stateNumber(next);
    if (pair >= this.#leadsTo.length) {
      const larger = new Int32Array(this.#leadsTo.length * 2);
      larger.set(this.#leadsTo);
      this.#leadsTo = larger;
    }
    this.#leadsTo[pair] = number;
    return number;
  }
}

function letterKey({ f, input, output }: Operation): string {
  return `${f}(${keyOf(input)})${keyOf(output)}`;
}
