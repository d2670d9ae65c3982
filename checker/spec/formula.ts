/**
 * Formulas of linear temporal logic, as data, and the words in which a spec writes them.
 *
 * A formula is judged on infinite behaviours: sequences of states, of which a step may also change nothing (stuttering).
 * Its atoms are state predicates, which are true or false of a state, and {@link Logic.taken}, which is true of a state
 * from which a step of an action leads to another state.
 *
 * The logic: Pnueli, "The temporal logic of programs" (1977). What is meant by an action and by stuttering is TLA+'s:
 * Lamport, "The temporal logic of actions" (1994).
 */
import { BivalentError } from '../core/index.ts';
import { canonical, type RecordValue } from '../value/index.ts';
import type { Predicate } from './define-spec.ts';

const formulaBrand = Symbol.for('bivalent.formula');

/** A temporal formula: what the words of {@link Logic} give. Opaque to a spec. */
export interface Formula {
  readonly [formulaBrand]: FormulaNode;
}

/** What a formula is made of. Every other word of the logic is short for these. */
export type FormulaNode =
  | { readonly op: 'true' | 'false' }
  | { readonly op: 'state'; readonly predicate: unknown }
  | { readonly op: 'taken'; readonly action: string; readonly parameters: RecordValue }
  | { readonly op: 'not' | 'next'; readonly of: FormulaNode }
  | { readonly op: 'and' | 'or'; readonly parts: readonly FormulaNode[] }
  | { readonly op: 'until' | 'release'; readonly left: FormulaNode; readonly right: FormulaNode };

/** A part of a formula: a formula, or a predicate that is meant of the state at hand. */
export type Operand<S, C> = Formula | Predicate<S, C>;

/**
 * The words of temporal formulas, for a spec with states `S` and constants `C`.
 *
 * Each speaks of a moment of a behaviour: a property must hold at the first. Predicates stand for themselves.
 */
export interface Logic<S, C> {
  /** `p` now and at every later moment. TLA+: `[]p`. */
  readonly always: (p: Operand<S, C>) => Formula;
  /** `p` now or at some later moment. TLA+: `<>p`. */
  readonly eventually: (p: Operand<S, C>) => Formula;
  /** Whenever `p`, then `q` at that moment or later. TLA+: `p ~> q`. */
  readonly leadsTo: (p: Operand<S, C>, q: Operand<S, C>) => Formula;
  /** `q` now or later, and `p` at every moment before that. */
  readonly until: (p: Operand<S, C>, q: Operand<S, C>) => Formula;
  /** `q` up to and including the moment at which `p`, or forever. */
  readonly release: (p: Operand<S, C>, q: Operand<S, C>) => Formula;
  /**
   * `p` at the next moment. A step may be one that changes nothing, so this seldom says what is meant: prefer
   * `leadsTo`. The result says where a property uses it.
   */
  readonly next: (p: Operand<S, C>) => Formula;
  /** At every moment, `p` then or later. TLA+: `[]<>p`. */
  readonly infinitelyOften: (p: Operand<S, C>) => Formula;
  /** From some moment on, `p`. TLA+: `<>[]p`. */
  readonly eventuallyAlways: (p: Operand<S, C>) => Formula;
  readonly not: (p: Operand<S, C>) => Formula;
  /** All of them; true where there are none. */
  readonly and: (...parts: readonly Operand<S, C>[]) => Formula;
  /** One of them; false where there are none. */
  readonly or: (...parts: readonly Operand<S, C>[]) => Formula;
  readonly implies: (p: Operand<S, C>, q: Operand<S, C>) => Formula;
  /**
   * The step from this moment to the next is one of an action, and changes the state. TLA+: `⟨A⟩_v`.
   *
   * @param action - the name of the action
   * @param parameters - picks that the step must have made; any others are free
   */
  readonly taken: (action: string, parameters?: Readonly<Record<string, unknown>>) => Formula;
}

/** A formula around a node. */
export function formula(node: FormulaNode): Formula {
  return Object.freeze({ [formulaBrand]: node });
}

/** Whether a value is a formula, made by this copy of the package or another. */
export function isFormula(x: unknown): x is Formula {
  return typeof x === 'object' && x !== null && formulaBrand in x;
}

/**
 * What an operand stands for.
 *
 * @throws BivalentError `spec/formula` where it is neither a formula nor a function
 */
export function nodeOf(operand: unknown): FormulaNode {
  if (isFormula(operand)) return operand[formulaBrand];
  if (typeof operand === 'function') return { op: 'state', predicate: operand };
  const found = operand === undefined ? 'undefined' : typeof operand === 'object' ? 'an object' : `a ${typeof operand}`;
  throw new BivalentError(
    'spec/formula',
    `a part of a temporal property is ${found}: write a predicate, (state) => …, or a formula`,
  );
}

const truth: FormulaNode = { op: 'true' };
const falsehood: FormulaNode = { op: 'false' };

const until = (left: FormulaNode, right: FormulaNode): FormulaNode => ({ op: 'until', left, right });
const release = (left: FormulaNode, right: FormulaNode): FormulaNode => ({ op: 'release', left, right });
const or = (...parts: readonly FormulaNode[]): FormulaNode => ({ op: 'or', parts });

/** That something is not so. */
export const negated = (of: FormulaNode): FormulaNode => ({ op: 'not', of });
/** That something is so at some moment. */
export const sometime = (of: FormulaNode): FormulaNode => until(truth, of);
/** That something is so at every moment. */
export const everAfter = (of: FormulaNode): FormulaNode => release(falsehood, of);

/** The words of {@link Logic}: the same for every spec, but for their types. */
export const logic: Logic<never, never> = Object.freeze({
  always: (p) => formula(everAfter(nodeOf(p))),
  eventually: (p) => formula(sometime(nodeOf(p))),
  leadsTo: (p, q) => formula(everAfter(or(negated(nodeOf(p)), sometime(nodeOf(q))))),
  until: (p, q) => formula(until(nodeOf(p), nodeOf(q))),
  release: (p, q) => formula(release(nodeOf(p), nodeOf(q))),
  next: (p) => formula({ op: 'next', of: nodeOf(p) }),
  infinitelyOften: (p) => formula(everAfter(sometime(nodeOf(p)))),
  eventuallyAlways: (p) => formula(sometime(everAfter(nodeOf(p)))),
  not: (p) => formula(negated(nodeOf(p))),
  and: (...parts) => formula({ op: 'and', parts: parts.map(nodeOf) }),
  or: (...parts) => formula(or(...parts.map(nodeOf))),
  implies: (p, q) => formula(or(negated(nodeOf(p)), nodeOf(q))),
  taken: (action, parameters = {}) => {
    if (typeof action !== 'string') {
      throw new BivalentError('spec/formula', `taken is given the name of an action, not ${typeof action}`);
    }
    return formula({ op: 'taken', action, parameters: canonical(parameters) as RecordValue });
  },
} satisfies Logic<never, never>);

/**
 * A formula with another node in the place of each of its state predicates.
 *
 * @param replace - gives the node for a predicate
 */
export function withPredicates(node: FormulaNode, replace: (predicate: unknown) => FormulaNode): FormulaNode {
  switch (node.op) {
    case 'state':
      return replace(node.predicate);
    case 'not':
    case 'next':
      return { op: node.op, of: withPredicates(node.of, replace) };
    case 'and':
    case 'or':
      return { op: node.op, parts: node.parts.map((part) => withPredicates(part, replace)) };
    case 'until':
    case 'release':
      return { op: node.op, left: withPredicates(node.left, replace), right: withPredicates(node.right, replace) };
    default:
      return node;
  }
}

/** The steps that a formula speaks of, as often as it does. */
export function takenIn(node: FormulaNode): readonly Extract<FormulaNode, { op: 'taken' }>[] {
  switch (node.op) {
    case 'taken':
      return [node];
    case 'not':
    case 'next':
      return takenIn(node.of);
    case 'and':
    case 'or':
      return node.parts.flatMap(takenIn);
    case 'until':
    case 'release':
      return [...takenIn(node.left), ...takenIn(node.right)];
    default:
      return [];
  }
}
