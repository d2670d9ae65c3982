/**
 * Temporal properties judged as their definitions read, on explicit graphs of a few states: an oracle for tests.
 *
 * A behaviour is a sequence of steps. A node is a step with a guess, for each temporal part of the formula, whether it
 * holds from there on; guesses must agree from each node to the next. Whether there is a fair behaviour from a node is a
 * greatest fixpoint of nested least ones (Emerson and Lei), for each choice of the strong conditions that are never
 * enabled any more. It shares with the engine neither automata nor the search for cycles.
 */
import type { FairnessCondition, FormulaNode } from '../spec/index.ts';
import { equal, type RecordValue } from '../value/index.ts';

/** A step of an explicit graph, or a stuttering step, which has no labels. */
export interface NaiveStep {
  readonly from: number;
  readonly to: number;
  readonly labels: readonly { readonly action: string; readonly parameters: RecordValue }[];
}

/** An explicit graph. Its steps include those that stutter, where a behaviour may. */
export interface NaiveGraph {
  readonly initial: readonly number[];
  readonly steps: readonly NaiveStep[];
  readonly holds: (predicate: number, state: number) => boolean;
  /** The labels that are enabled in a state. */
  readonly enabled: (state: number) => NaiveStep['labels'];
}

/**
 * The graph whose only behaviour is a lasso: its states are the positions of the lasso.
 *
 * @param states - states of the graph, the last of which is the one at `loopsTo` again
 * @throws Error where the lasso does not close, or a step of it is none of the graph
 */
export function lassoAlone(graph: NaiveGraph, states: readonly number[], loopsTo: number): NaiveGraph {
  const last = states.length - 1;
  const at = (position: number): number => states[position]!;
  if (at(last) !== at(loopsTo)) throw new Error('the lasso does not close');
  const positions = loopsTo === last ? states.length : last;
  const steps = Array.from({ length: positions }, (_, from): NaiveStep => {
    const to = from === positions - 1 ? loopsTo : from + 1;
    const step = graph.steps.find((own) => own.from === at(from) && own.to === at(to));
    if (step === undefined) throw new Error(`the lasso goes from ${at(from)} to ${at(to)}, and no step does`);
    return { from, to, labels: step.labels };
  });
  return {
    initial: graph.initial.includes(at(0)) ? [0] : [],
    steps,
    holds: (predicate, position) => graph.holds(predicate, at(position)),
    enabled: (position) => graph.enabled(at(position)),
  };
}

const isTaken = (instance: Instance, { step }: Node): boolean => step.labels.some(instance.matches);

interface Node {
  readonly step: NaiveStep;
  readonly guess: ReadonlySet<FormulaNode>;
}

/** Whether some fair behaviour of the graph satisfies a formula. */
export function someFairBehaviour(
  graph: NaiveGraph,
  conditions: readonly FairnessCondition[],
  formula: FormulaNode,
): boolean {
  const parts = temporalParts(formula);
  const guesses = subsets(parts);
  const holdsAt = (node: FormulaNode, at: Node): boolean => {
    switch (node.op) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'state':
        return graph.holds(node.predicate as number, at.step.from);
      case 'taken':
        return at.step.labels.some(
          ({ action, parameters }) =>
            action === node.action &&
            Object.entries(node.parameters).every(([name, value]) => equal(parameters[name] ?? null, value)),
        );
      case 'not':
        return !holdsAt(node.of, at);
      case 'and':
        return node.parts.every((part) => holdsAt(part, at));
      case 'or':
        return node.parts.some((part) => holdsAt(part, at));
      default:
        return at.guess.has(node);
    }
  };
  const agrees = (part: FormulaNode, at: Node, next: Node): boolean => {
    const guessed = at.guess.has(part);
    if (part.op === 'next') return guessed === holdsAt(part.of, next);
    if (part.op === 'until')
      return guessed === (holdsAt(part.right, at) || (holdsAt(part.left, at) && next.guess.has(part)));
    if (part.op === 'release')
      return guessed === (holdsAt(part.right, at) && (holdsAt(part.left, at) || next.guess.has(part)));
    return true;
  };
  const nodes = graph.steps.flatMap((step) => guesses.map((guess): Node => ({ step, guess })));
  const leaving = new Map<number, number[]>();
  nodes.forEach(({ step }, i) => leaving.set(step.from, [...(leaving.get(step.from) ?? []), i]));
  const successors = nodes.map((at) =>
    (leaving.get(at.step.to) ?? []).filter((i) => parts.every((part) => agrees(part, at, nodes[i]!))),
  );
  const instances = instancesOf(graph, conditions);
  const isEnabled = (instance: Instance, { step }: Node): boolean => graph.enabled(step.from).some(instance.matches);
  const recurring: ((at: Node) => boolean)[] = [
    // What is awaited happens: the right side of an until that holds, the end of the right side of a release that does not.
    ...parts.flatMap((part) => {
      if (part.op === 'until') return [(at: Node) => !at.guess.has(part) || holdsAt(part.right, at)];
      if (part.op === 'release') return [(at: Node) => at.guess.has(part) || !holdsAt(part.right, at)];
      return [];
    }),
    ...instances
      .filter(({ strength }) => strength === 'weak')
      .map((instance) => (at: Node) => isTaken(instance, at) || !isEnabled(instance, at)),
  ];
  const strong = instances.filter(({ strength }) => strength === 'strong');
  return subsets(strong).some((never) => {
    const region = nodes.map((at) => ![...never].some((instance) => isEnabled(instance, at)));
    const often = [
      ...recurring,
      ...strong.filter((instance) => !never.has(instance)).map((instance) => (at: Node) => isTaken(instance, at)),
    ];
    const fair = fairNodes(
      region,
      successors,
      often.map((test) => nodes.map(test)),
    );
    const starts = nodes.flatMap((at, i) => (graph.initial.includes(at.step.from) && holdsAt(formula, at) ? [i] : []));
    const reached = closure(starts, successors);
    return nodes.some((_, i) => reached.has(i) && fair[i]);
  });
}

/** The nodes with an infinite path inside a region that meets each of some sets again and again. */
function fairNodes(region: boolean[], successors: readonly number[][], often: readonly boolean[][]): boolean[] {
  const sets = often.length === 0 ? [region.map(() => true)] : often;
  let z = region;
  for (;;) {
    const next = sets.reduce((some, set) => {
      const goal = z.map((inside, i) => inside && set[i] === true);
      const reaching = leadingTo(goal, z, successors);
      return some.map((inside, i) => inside && successors[i]!.some((j) => reaching[j]));
    }, z);
    if (next.every((inside, i) => inside === z[i])) return z;
    z = next;
  }
}

/** The nodes from which a path inside a region leads to a goal, goals included. */
function leadingTo(goal: boolean[], region: boolean[], successors: readonly number[][]): boolean[] {
  let y = goal;
  for (;;) {
    const next = y.map((inside, i) => inside || (region[i] === true && successors[i]!.some((j) => y[j])));
    if (next.every((inside, i) => inside === y[i])) return y;
    y = next;
  }
}

function closure(starts: readonly number[], successors: readonly number[][]): ReadonlySet<number> {
  const reached = new Set(starts);
  for (const i of reached) for (const j of successors[i]!) reached.add(j);
  return reached;
}

interface Instance {
  readonly strength: 'weak' | 'strong';
  readonly matches: (label: NaiveStep['labels'][number]) => boolean;
}

/** Every condition on an action, and for each choice where there is one for each. */
function instancesOf(graph: NaiveGraph, conditions: readonly FairnessCondition[]): Instance[] {
  const labels = graph.steps.flatMap(({ from }) => graph.enabled(from));
  return conditions.flatMap(({ strength, action, each }) => {
    const own = labels.filter((label) => action === undefined || label.action === action);
    const choiceOf = (parameters: RecordValue): string =>
      JSON.stringify(each === 'all' ? parameters : each.map((name) => parameters[name] ?? null));
    return [...new Set(own.map(({ parameters }) => choiceOf(parameters)))].map((choice) => ({
      strength,
      matches: (label: NaiveStep['labels'][number]) =>
        (action === undefined || label.action === action) && choiceOf(label.parameters) === choice,
    }));
  });
}

function temporalParts(node: FormulaNode): FormulaNode[] {
  switch (node.op) {
    case 'not':
      return temporalParts(node.of);
    case 'next':
      return [node, ...temporalParts(node.of)];
    case 'and':
    case 'or':
      return node.parts.flatMap(temporalParts);
    case 'until':
    case 'release':
      return [node, ...temporalParts(node.left), ...temporalParts(node.right)];
    default:
      return [];
  }
}

function subsets<T>(items: readonly T[]): ReadonlySet<T>[] {
  return items.reduce<Set<T>[]>((all, item) => [...all, ...all.map((set) => new Set([...set, item]))], [new Set()]);
}
