/**
 * Judges temporal properties on a state graph: looks for a fair behaviour that satisfies the negation of one.
 *
 * A conjunction is judged part by part: the negation of each part is a small automaton, that of the whole a large one. Parts
 * are judged in batches that share what can be shared: which atoms are true of a state is worked out once for a batch; and
 * where the parts of a batch would look at more than all states between them, one pass over the graph says first where each
 * may fail at all ({@link FutureSearch}).
 */
import type { StepGraph } from '../explore/index.ts';
import type { FairnessCondition, FormulaNode, TemporalProperty } from '../spec/index.ts';
import { admits, automatonOf, type Automaton } from './automaton.ts';
import { CycleSearch, waitsAnywhere, type FairSet, type Product } from './fair-cycle.ts';
import { FairSteps, lettersOf } from './fair-steps.ts';
import { FairnessTable } from './fairness.ts';
import { FutureSearch, mostAutomatonStates } from './futures.ts';
import { lassoTo, type Lasso } from './lasso.ts';
import { mostAtoms } from './normal-form.ts';
import { isStutteringInvariant } from './stuttering.ts';

/** A temporal property that does not hold, and a fair behaviour that breaks it. */
export interface BrokenProperty {
  readonly name: string;
  readonly lasso: Lasso;
  /** The predicates that it was judged by, and of each state of the graph which of them are true, as bits. */
  readonly predicates: readonly number[];
  readonly letters: Int32Array;
}

/** What was found of some temporal properties. */
export interface TemporalVerdict {
  /** The first that is broken; undefined where all hold. */
  readonly broken: BrokenProperty | undefined;
  /** Sentences that whoever reads the verdict should know. */
  readonly notes: readonly string[];
}

/** Who wants to know how judging goes on. */
export interface JudgingListener {
  /** What is judged from now on. */
  readonly onProperty?: (name: string) => void;
  /** How many bytes it takes beside the graph. */
  readonly onBytes?: (bytes: number) => void;
  /** Looks at what was found of each state: which of some predicates are true of it, as bits in their order. */
  readonly audit?: (predicates: readonly number[], letters: Int32Array) => Generator<void, void>;
}

/** One part of a property, and the automaton of its negation. */
interface Part {
  readonly property: TemporalProperty;
  readonly formula: FormulaNode;
  readonly automaton: Automaton;
}

/** Parts that are judged together. */
interface Batch {
  /** What the bits of letters stand for. */
  predicates: readonly number[];
  readonly parts: Part[];
}

/**
 * Judges temporal properties, in their order, up to the first that is broken; pauses now and then.
 *
 * @param graph - all reachable states
 * @throws BivalentError from user code, or where a formula is too large
 *
 * Cost: for one part, one expansion from tables for each node of the product of the graph and the automaton that the
 * search meets: for `leadsTo`, the states in which something is awaited. For many parts about one for each state of the
 * graph where they hold and behaviours do not return to where they were; otherwise the sum of what they cost alone.
 */
export function* judgeTemporal(
  graph: StepGraph,
  fairness: readonly FairnessCondition[],
  properties: readonly TemporalProperty[],
  listener: JudgingListener = {},
): Generator<void, TemporalVerdict> {
  const table = new FairnessTable(fairness);
  const steps = new FairSteps(graph, table, { order: 'any' });
  const neverBegun = new Map<string, number>();
  for (const { predicates, parts } of batchesOf(properties)) {
    listener.onProperty?.(parts[0]!.property.name);
    const letters = yield* lettersOf(graph, predicates);
    if (listener.audit !== undefined) yield* listener.audit(predicates, letters);
    const everTrue = letters.reduce((all, letter) => all | letter, 0);
    const open = parts.filter(({ property: { name }, formula }) => {
      const premise = predicates.indexOf(premiseOf(formula) ?? -1);
      if (premise < 0 || (everTrue & (1 << premise)) !== 0) return true;
      neverBegun.set(name, (neverBegun.get(name) ?? 0) + 1);
      return false;
    });
    const futures = yield* futuresOf(steps, letters, open, listener);
    for (const [i, part] of open.entries()) {
      const firstBit = futures?.firstBit(i) ?? 0;
      if (futures !== undefined && !mayFail(graph, futures.bits, firstBit)) continue;
      listener.onProperty?.(part.property.name);
      const { taken } = part.automaton;
      const product: Product = {
        steps: taken.length === 0 ? steps : new FairSteps(graph, table, { taken, order: 'any' }),
        automaton: part.automaton,
        letters,
        ...(futures !== undefined && { futures: { bits: futures.bits, firstBit } }),
      };
      const lasso = yield* lassoIn(product, part.formula, predicates, (bytes) =>
        listener.onBytes?.(bytes + (futures?.bytes ?? 0)),
      );
      if (lasso === undefined) continue;
      const { name } = part.property;
      return { broken: { name, lasso, predicates, letters }, notes: notesOn(properties, neverBegun, name) };
    }
  }
  return { broken: undefined, notes: notesOn(properties, neverBegun) };
}

/**
 * A lasso in a product; undefined where it holds no fair cycle.
 *
 * Where there is one, it is looked for again with an automaton whose states tell what is awaited: of that the sets of
 * nodes that are found are smaller, and lassos shorter. And steps are followed in the order of the spec then, so that the
 * lasso does not depend on how states are stored.
 */
function* lassoIn(
  product: Product,
  formula: FormulaNode,
  predicates: readonly number[],
  onBytes: (bytes: number) => void,
): Generator<void, Lasso | undefined> {
  const { automaton, letters } = product;
  if ((yield* fairSetIn(product, onBytes)) === undefined) return undefined;
  const steps = product.steps.inOrder();
  const telling = automatonOf(formula, false, [...predicates], { merges: false });
  const isSame = telling.transitions.length === automaton.transitions.length;
  const shown: Product = isSame ? { ...product, steps } : { automaton: telling, steps, letters };
  return lassoTo(shown, (yield* fairSetIn(shown, onBytes)) as FairSet, !isStutteringInvariant(formula));
}

/** A set of nodes of a product that holds a fair cycle; undefined where there is none. */
function* fairSetIn(product: Product, onBytes: (bytes: number) => void): Generator<void, FairSet | undefined> {
  const search = new CycleSearch(product);
  for (const pauses = search.search(); pauses.next().done !== true;) {
    onBytes(product.letters.byteLength + product.steps.bytes + search.bytes);
    yield;
  }
  return search.found;
}

/**
 * What each state offers to the parts of a batch, where that is worth to know; undefined where it is not, or cannot be
 * said.
 */
function* futuresOf(
  steps: FairSteps,
  letters: Int32Array,
  parts: readonly Part[],
  { onBytes }: JudgingListener,
): Generator<void, FutureSearch | undefined> {
  const states = parts.reduce((sum, { automaton }) => sum + automaton.transitions.length, 0);
  const least = parts.reduce((sum, { automaton }) => sum + leastNodes(letters, automaton), 0);
  if (parts.length < 2 || states > mostAutomatonStates || least < 1.5 * letters.length) return undefined;
  const automata = parts.map(({ automaton }) => automaton);
  const futures = new FutureSearch(steps, letters, automata);
  for (const pauses = futures.search(); pauses.next().done !== true;) {
    onBytes?.(letters.byteLength + futures.bytes);
    yield;
  }
  return futures.gaveUp ? undefined : futures;
}

/** About how many nodes of a product a search looks at, or more: those that it begins with, or in which it may accept. */
function leastNodes(letters: Int32Array, { transitions, mayAccept, ...automaton }: Automaton): number {
  const some = waitsAnywhere({ transitions, mayAccept, ...automaton })
    ? transitions[0]!.filter(({ to }) => to !== 0)
    : transitions.filter((_, state) => mayAccept[state]).flat();
  let nodes = 0;
  for (let state = 0; state < letters.length; state++) {
    const letter = letters[state] as number;
    if (some.some((transition) => admits(transition, letter))) nodes++;
  }
  return nodes;
}

/** Whether an initial state offers something to the first state of an automaton. */
function mayFail({ initialCount }: StepGraph, bits: Int32Array, firstBit: number): boolean {
  return bits.subarray(0, initialCount).some((offered) => ((offered >>> firstBit) & 1) === 1);
}

/** The parts of some properties, in batches whose predicates and automata each fit into a word. */
function batchesOf(properties: readonly TemporalProperty[]): readonly Batch[] {
  const batches: Batch[] = [];
  let states = 0;
  for (const property of properties) {
    for (const formula of conjunctsOf(property.formula)) {
      const last = batches.at(-1);
      const predicates = [...new Set([...(last?.predicates ?? []), ...predicatesIn(formula)])];
      if (last !== undefined && predicates.length <= mostAtoms) {
        const automaton = automatonOf(formula, false, predicates);
        states += automaton.transitions.length;
        if (states <= mostAutomatonStates) {
          last.predicates = predicates;
          last.parts.push({ property, formula, automaton });
          continue;
        }
      }
      const own: number[] = [];
      const automaton = automatonOf(formula, false, own);
      states = automaton.transitions.length;
      batches.push({ predicates: own, parts: [{ property, formula, automaton }] });
    }
  }
  return batches;
}

/** The predicates of a formula. */
function predicatesIn(node: FormulaNode): readonly number[] {
  switch (node.op) {
    case 'state':
      return [node.predicate as number];
    case 'not':
    case 'next':
      return predicatesIn(node.of);
    case 'and':
    case 'or':
      return node.parts.flatMap(predicatesIn);
    case 'until':
    case 'release':
      return [...predicatesIn(node.left), ...predicatesIn(node.right)];
    default:
      return [];
  }
}

/** What to know of the properties that were judged: all, or those up to one that is broken. */
function notesOn(
  properties: readonly TemporalProperty[],
  neverBegun: ReadonlyMap<string, number>,
  broken?: string,
): readonly string[] {
  const last = properties.findIndex(({ name }) => name === broken);
  return (last < 0 ? properties : properties.slice(0, last + 1)).flatMap(({ name, formula }) => {
    const count = name === broken ? undefined : neverBegun.get(name);
    return [
      ...(isStutteringInvariant(formula) ? [] : [tellsStuttering(name)]),
      ...(count === undefined ? [] : [neverBegunNote(name, count, conjunctsOf(formula).length)]),
    ];
  });
}

function tellsStuttering(name: string): string {
  return `${name} can tell a behaviour from the same one with steps added that change nothing: it uses next, or taken outside eventually and always`;
}

/** What to know of a property of which parts hold since their premises never do. */
function neverBegunNote(name: string, neverBegun: number, parts: number): string {
  return neverBegun === parts
    ? `${name} holds only because what it begins with is true of no reachable state`
    : `${name}: ${neverBegun} of its ${parts} parts hold only because what they begin with is true of no reachable state`;
}

/** Formulas whose conjunction is a formula. */
export function conjunctsOf(node: FormulaNode): readonly FormulaNode[] {
  if (node.op === 'and') return node.parts.flatMap(conjunctsOf);
  if (node.op === 'release' && node.left.op === 'false' && node.right.op === 'and') {
    return node.right.parts.flatMap((part) => conjunctsOf({ ...node, right: part }));
  }
  return [node];
}

/** Of `leadsTo(p, q)`, the number of the predicate `p`. */
function premiseOf(node: FormulaNode): number | undefined {
  if (node.op !== 'release' || node.left.op !== 'false' || node.right.op !== 'or') return undefined;
  const [first, second] = node.right.parts;
  if (first?.op !== 'not' || first.of.op !== 'state' || second?.op !== 'until') return undefined;
  return first.of.predicate as number;
}
