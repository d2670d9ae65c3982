/**
 * Formulas in negation normal form, each interned to a number: what automata are made of.
 *
 * Negation is pushed to the atoms, the two operators `until` and `release` stand for all others, and what is equal is
 * the same number, so that sets of formulas are sets of numbers.
 */
import { BivalentError } from '../core/index.ts';
import type { FormulaNode } from '../spec/index.ts';
import { show } from '../value/index.ts';

/** An interned formula. Of an atom, `index` is its position among the atoms and `positive` whether it must be true. */
export type Normal =
  | { readonly op: 'true' | 'false' }
  | { readonly op: 'state' | 'taken'; readonly index: number; readonly positive: boolean }
  | { readonly op: 'and' | 'or' | 'until' | 'release'; readonly left: number; readonly right: number }
  | { readonly op: 'next'; readonly of: number };

type Taken = Extract<FormulaNode, { op: 'taken' }>;

/** Atoms fit into one word of bits. */
export const mostAtoms = 30;

export class Formulas {
  readonly nodes: Normal[] = [];
  /** The numbers of the state predicates that occur, after those that were there, in order of appearance. */
  readonly predicates: number[];
  /** The steps that `taken` names, in order of appearance. */
  readonly taken: Taken[] = [];
  readonly #known = new Map<string, number>();

  readonly truth = this.#intern({ op: 'true' });
  readonly falsehood = this.#intern({ op: 'false' });

  /** @param predicates - those that are known, to which others are added */
  constructor(predicates: number[]) {
    this.predicates = predicates;
  }

  node(id: number): Normal {
    return this.nodes[id] as Normal;
  }

  /**
   * Interns a formula, or its negation.
   *
   * @throws BivalentError `spec/formula` where it has more atoms than fit
   */
  normal(node: FormulaNode, positive: boolean): number {
    switch (node.op) {
      case 'true':
      case 'false':
        return (node.op === 'true') === positive ? this.truth : this.falsehood;
      case 'state':
        return this.#atom(
          'state',
          position(this.predicates, node.predicate as number, (x) => x),
          positive,
        );
      case 'taken':
        return this.#atom('taken', position(this.taken, node, show), positive);
      case 'not':
        return this.normal(node.of, !positive);
      case 'next': {
        const of = this.normal(node.of, positive);
        return of === this.truth || of === this.falsehood ? of : this.#intern({ op: 'next', of });
      }
      case 'and':
      case 'or': {
        const parts = node.parts.map((part) => this.normal(part, positive));
        return (node.op === 'and') === positive ? this.#all(parts) : this.#any(parts);
      }
      default: {
        const left = this.normal(node.left, positive);
        const right = this.normal(node.right, positive);
        return (node.op === 'until') === positive ? this.#until(left, right) : this.#release(left, right);
      }
    }
  }

  #atom(op: 'state' | 'taken', index: number, positive: boolean): number {
    if (index < mostAtoms) return this.#intern({ op, index, positive });
    throw new BivalentError(
      'spec/formula',
      `a temporal property speaks of more than ${mostAtoms} predicates: write a conjunction as several properties`,
    );
  }

  #all(parts: readonly number[]): number {
    return this.#joined('and', parts, this.truth, this.falsehood);
  }

  #any(parts: readonly number[]): number {
    return this.#joined('or', parts, this.falsehood, this.truth);
  }

  /** Some formulas joined, without those that add nothing; one that decides is all that is left. */
  #joined(op: 'and' | 'or', parts: readonly number[], neutral: number, decisive: number): number {
    const open = [...new Set(parts)].filter((part) => part !== neutral).sort((a, b) => a - b);
    if (open.includes(decisive)) return decisive;
    const [first, ...others] = open;
    if (first === undefined) return neutral;
    return others.reduce((left, right) => this.#intern({ op, left, right }), first);
  }

  /** `a until b`; `a until (a' until b)` where a' is a is the same, as is what needs no waiting. */
  #until(left: number, right: number): number {
    if (right === this.truth || right === this.falsehood || left === this.falsehood) return right;
    const inner = this.node(right);
    if (inner.op === 'until' && inner.left === left) return right;
    return this.#intern({ op: 'until', left, right });
  }

  #release(left: number, right: number): number {
    if (right === this.truth || right === this.falsehood || left === this.truth) return right;
    const inner = this.node(right);
    if (inner.op === 'release' && inner.left === left) return right;
    return this.#intern({ op: 'release', left, right });
  }

  #intern(node: Normal): number {
    const key = JSON.stringify(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.nodes.push(node) - 1;
    this.#known.set(key, id);
    return id;
  }
}

/** The position of an item in a list, to whose end it is added where it is not there yet. */
function position<T>(list: T[], item: T, keyOf: (item: T) => unknown): number {
  const key = keyOf(item);
  const found = list.findIndex((other) => keyOf(other) === key);
  return found >= 0 ? found : list.push(item) - 1;
}
