/**
 * From a formula to an automaton on infinite behaviours that accepts those that satisfy it.
 *
 * A state of the automaton is a set of obligations: formulas that must hold of the behaviour from here on. What must
 * hold now is taken apart until only atoms and obligations for the next moment are left; each way of doing so is a
 * transition. An `until` may put its right side off again and again; a transition that does not put it off carries its
 * mark, and a behaviour is accepted where every mark occurs again and again.
 *
 * The loop's invariant: what was taken apart together with what is still to be taken apart is equivalent to the
 * obligations of the state. A transition-based generalised Büchi automaton: Couvreur, "On-the-fly verification of linear
 * temporal logic" (1999); Gerth, Peled, Vardi and Wolper, "Simple on-the-fly automatic verification of linear temporal
 * logic" (1995).
 */
import { BivalentError } from '../core/index.ts';
import type { FormulaNode } from '../spec/index.ts';
import { Formulas } from './normal-form.ts';

/** A transition: which atoms must be true and which false of a state and of the step from it, as bits. */
export interface Transition {
  readonly trueInState: number;
  readonly falseInState: number;
  readonly trueOfStep: number;
  readonly falseOfStep: number;
  readonly to: number;
  /** The marks that it carries, as bits. */
  readonly marks: number;
}

/** An automaton; state 0 is the initial one. */
export interface Automaton {
  readonly transitions: readonly (readonly Transition[])[];
  /** All marks, as bits: an accepted behaviour meets each of them again and again. */
  readonly allMarks: number;
  /** The steps that the bits of steps stand for. */
  readonly taken: readonly Extract<FormulaNode, { op: 'taken' }>[];
  /** Of each state, whether a behaviour can stay near it forever and be accepted. */
  readonly mayAccept: readonly boolean[];
}

/** More states mean a formula that nobody meant to write. */
const mostStates = 2000;
const mostMarks = 30;

/** One way of satisfying some obligations: what must be true now, and what is left for the next moment. */
interface Way {
  readonly trueInState: number;
  readonly falseInState: number;
  readonly trueOfStep: number;
  readonly falseOfStep: number;
  readonly next: ReadonlySet<number>;
  /** The untils that are put off. */
  readonly putOff: ReadonlySet<number>;
}

const noWay: Way = {
  trueInState: 0,
  falseInState: 0,
  trueOfStep: 0,
  falseOfStep: 0,
  next: new Set(),
  putOff: new Set(),
};

/**
 * Makes the automaton that accepts the behaviours that satisfy a formula, or those that do not.
 *
 * @param formula - its predicates are numbers
 * @param positive - `false` for the negation
 * @param merges - whether states that do the same are one: `false` for the states that tell what is awaited
 * @param predicates - the numbers of the predicates that bits stand for, to which those of the formula are added: automata
 *   that are given the same list can be run on the same letters
 * @throws BivalentError `spec/formula` where the formula is too large
 *
 * Cost: exponential in the number of temporal operators that are nested in each other, in the worst case.
 */
export function automatonOf(
  formula: FormulaNode,
  positive: boolean,
  predicates: number[] = [],
  { merges = true } = {},
): Automaton {
  const formulas = new Formulas(predicates);
  const start = formulas.normal(formula, positive);
  const untils = formulas.nodes.flatMap(({ op }, id) => (op === 'until' ? [id] : []));
  if (untils.length > mostMarks) throw tooLarge();
  const allMarks = untils.reduce((marks, _, i) => marks | (1 << i), 0);
  const states = [new Set([start])];
  const numbers = new Map([[keyOf(states[0]!), 0]]);
  const transitions: (readonly Transition[])[] = [];
  for (let state = 0; state < states.length; state++) {
    const ways = waysOf(formulas, [...states[state]!], noWay);
    const all = ways.map((way): Transition => {
      const key = keyOf(way.next);
      let to = numbers.get(key);
      if (to === undefined) {
        numbers.set(key, (to = states.push(new Set(way.next)) - 1));
        if (states.length > mostStates) throw tooLarge();
      }
      const { trueInState, falseInState, trueOfStep, falseOfStep, putOff } = way;
      const marks = untils.reduce((bits, until, i) => (putOff.has(until) ? bits : bits | (1 << i)), 0);
      return { trueInState, falseInState, trueOfStep, falseOfStep, to, marks };
    });
    transitions.push(withoutCovered(all));
  }
  const made = merges ? mergeEqual(transitions) : transitions;
  return { transitions: made, allMarks, taken: formulas.taken, mayAccept: acceptingStates(made, allMarks) };
}

function tooLarge(): BivalentError {
  return new BivalentError(
    'spec/formula',
    'a temporal property nests too many temporal operators: write it as several properties',
  );
}

const keyOf = (set: ReadonlySet<number>): string => [...set].sort((a, b) => a - b).join();

/** Takes obligations apart: all ways of satisfying them, beside what a way holds already. */
function waysOf(formulas: Formulas, todo: readonly number[], way: Way): Way[] {
  const [first, ...others] = todo;
  if (first === undefined) return [way];
  const node = formulas.node(first);
  switch (node.op) {
    case 'true':
      return waysOf(formulas, others, way);
    case 'false':
      return [];
    case 'state':
    case 'taken': {
      const more = withAtom(way, node.op, 1 << node.index, node.positive);
      return more === undefined ? [] : waysOf(formulas, others, more);
    }
    case 'next':
      return waysOf(formulas, others, { ...way, next: new Set([...way.next, node.of]) });
    case 'and':
      return waysOf(formulas, [node.left, node.right, ...others], way);
    case 'or':
      return [node.left, node.right].flatMap((part) => waysOf(formulas, [part, ...others], way));
    case 'until': {
      const later = { ...way, next: new Set([...way.next, first]), putOff: new Set([...way.putOff, first]) };
      return [...waysOf(formulas, [node.right, ...others], way), ...waysOf(formulas, [node.left, ...others], later)];
    }
    default: {
      const later = { ...way, next: new Set([...way.next, first]) };
      return [
        ...waysOf(formulas, [node.left, node.right, ...others], way),
        ...waysOf(formulas, [node.right, ...others], later),
      ];
    }
  }
}

/** A way with one more atom; undefined where that contradicts it. */
function withAtom(way: Way, op: 'state' | 'taken', bit: number, positive: boolean): Way | undefined {
  const [isTrue, isFalse] =
    op === 'state' ? (['trueInState', 'falseInState'] as const) : (['trueOfStep', 'falseOfStep'] as const);
  if ((way[positive ? isFalse : isTrue] & bit) !== 0) return undefined;
  const name = positive ? isTrue : isFalse;
  return { ...way, [name]: way[name] | bit };
}

/**
 * The transitions of an automaton with one state for all that have the same transitions to such states: obligations of
 * different words are often the same, such as that something happens again and again, and that and that it happens.
 *
 * The classes are split until all states of one agree; the initial state stays the first.
 */
function mergeEqual(transitions: readonly (readonly Transition[])[]): readonly (readonly Transition[])[] {
  let classes = transitions.map(() => 0);
  for (;;) {
    const numbers = new Map<string, number>();
    const next = transitions.map((own) => {
      const key = [...new Set(own.map((each) => JSON.stringify({ ...each, to: classes[each.to] })))].sort().join();
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    });
    if (next.every((number, state) => number === classes[state])) break;
    classes = next;
  }
  const first = [...new Set(classes)].map((number) => classes.indexOf(number));
  return first.map((state) =>
    withoutCovered(transitions[state]!.map((each) => ({ ...each, to: classes[each.to] as number }))),
  );
}

/** Transitions of one state, without those in whose place another may always be taken. */
function withoutCovered(all: readonly Transition[]): readonly Transition[] {
  return all.filter((one, i) => !all.some((other, j) => i !== j && covers(other, one, j < i)));
}

/** Whether one transition may always be taken in the place of another; of two equal ones, the earlier. */
function covers(one: Transition, other: Transition, isEarlier: boolean): boolean {
  const isWeaker =
    one.to === other.to &&
    (one.trueInState & ~other.trueInState) === 0 &&
    (one.falseInState & ~other.falseInState) === 0 &&
    (one.trueOfStep & ~other.trueOfStep) === 0 &&
    (one.falseOfStep & ~other.falseOfStep) === 0 &&
    (other.marks & ~one.marks) === 0;
  if (!isWeaker) return false;
  const isEqual =
    one.trueInState === other.trueInState &&
    one.falseInState === other.falseInState &&
    one.trueOfStep === other.trueOfStep &&
    one.falseOfStep === other.falseOfStep &&
    one.marks === other.marks;
  return !isEqual || isEarlier;
}

/** The states in a strongly connected part of the automaton whose transitions carry all marks. */
export function acceptingStates(transitions: readonly (readonly Transition[])[], allMarks: number): boolean[] {
  const reach = transitions.map((_, state) => reachableFrom(transitions, state));
  return transitions.map((_, state) => {
    const part = [...(reach[state] as ReadonlySet<number>)].filter((other) => reach[other]!.has(state));
    const inside = part.flatMap((other) => transitions[other]!.filter(({ to }) => part.includes(to)));
    return inside.length > 0 && inside.reduce((marks, transition) => marks | transition.marks, 0) === allMarks;
  });
}

/** The states that are reached from a state in one transition or more. */
function reachableFrom(transitions: readonly (readonly Transition[])[], start: number): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const { to } of transitions[state]!) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}

/** Whether a transition may be taken in a state with some atoms. */
export function admits({ trueInState, falseInState }: Transition, letter: number): boolean {
  return (letter & trueInState) === trueInState && (letter & falseInState) === 0;
}

/** Whether a transition may be taken with a step with some atoms. */
export function admitsStep({ trueOfStep, falseOfStep }: Transition, atoms: number): boolean {
  return (atoms & trueOfStep) === trueOfStep && (atoms & falseOfStep) === 0;
}
