/**
 * Judges one temporal property on a state graph: looks for a fair behaviour that satisfies its negation.
 *
 * A conjunction is judged part by part: the negation of each part is a small automaton, that of the whole a large one.
 */
import type { StepGraph } from '../explore/index.ts';
import type { FairnessCondition, FormulaNode, TemporalProperty } from '../spec/index.ts';
import { automatonOf } from './automaton.ts';
import { FairnessTable } from './fairness.ts';
import { CycleSearch } from './fair-cycle.ts';
import { FairSteps, lettersOf } from './fair-steps.ts';
import { lassoTo, type Lasso } from './lasso.ts';
import { isStutteringInvariant } from './stuttering.ts';

/** What was found of a temporal property. */
export interface TemporalVerdict {
  /** A fair behaviour that breaks it; undefined where there is none. */
  readonly lasso: Lasso | undefined;
  /** Sentences that whoever reads the verdict should know. */
  readonly notes: readonly string[];
}

/**
 * Judges a temporal property; pauses now and then.
 *
 * @param graph - all reachable states
 * @param onBytes - told now and then how many bytes the search takes beside the graph
 * @throws BivalentError from user code, or where the formula is too large
 *
 * Cost: one expansion from tables for each node of the product of the graph and the automaton that the search meets: for
 * `leadsTo`, the states in which something is awaited.
 */
export function* judgeTemporal(
  graph: StepGraph,
  fairness: readonly FairnessCondition[],
  { name, formula }: TemporalProperty,
  onBytes: (bytes: number) => void = () => undefined,
): Generator<void, TemporalVerdict> {
  const notes: string[] = [];
  if (!isStutteringInvariant(formula)) {
    notes.push(
      `${name} can tell a behaviour from the same one with steps added that change nothing: it uses next, or taken outside eventually and always`,
    );
  }
  const parts = conjunctsOf(formula);
  let neverBegun = 0;
  for (const part of parts) {
    const steps = new FairSteps(graph, new FairnessTable(fairness), automatonOf(part, false));
    const { predicates } = steps.automaton;
    const letters = yield* lettersOf(graph, predicates);
    const premise = predicates.indexOf(premiseOf(part) ?? -1);
    if (premise >= 0 && !letters.some((letter) => (letter & (1 << premise)) !== 0)) {
      neverBegun += 1;
      continue;
    }
    const search = new CycleSearch(steps, letters);
    for (const pauses = search.search(); pauses.next().done !== true;) {
      onBytes(letters.byteLength + 4 * graph.count + search.bytes);
      yield;
    }
    if (search.found === undefined) continue;
    return { lasso: lassoTo(steps, letters, search.found, !isStutteringInvariant(part)), notes };
  }
  if (neverBegun > 0) notes.push(neverBegunNote(name, neverBegun, parts.length));
  return { lasso: undefined, notes };
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
