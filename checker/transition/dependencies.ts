/**
 * What actions read and write: the dependency matrix, as learned.
 *
 * Every question that a run asked is a node of the forest, and every change that it made is an effect of a leaf, so the
 * matrix costs nothing but looking. It holds for the states that were explored: an action that never got past its first
 * guard is said to read no more than that guard, and to write nothing.
 */
import { isRecord, SetValue, show, type Value } from '../value/index.ts';
import type { LearnedSystem } from './learned-system.ts';
import type { Effect, Query } from './query.ts';
import type { Shape, Slot } from './shape.ts';
import { disturbs } from './watch.ts';

/** What one action reads and writes. */
export interface ActionDependencies {
  /** The name of the action; `afterEach` for what completes every step. */
  readonly action: string;
  /** False where the action is called on every state, because learning did not pay: what it reads is then not known. */
  readonly learned: boolean;
  /** Paths of the state, in the order of the state: `rmState.rm1`. Reading a part of a collection is reading it. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** An action changes what another reads, so that it may enable, disable or alter it. */
export interface Influence {
  readonly from: string;
  readonly to: string;
  /** The variables through which it does. */
  readonly through: readonly string[];
}

/** The dependency matrix of a system. */
export interface Dependencies {
  /**
   * The variables, and the paths of which each consists. The fields of a record that has one for each element of a
   * constant are one variable, written `rmState.*`.
   */
  readonly variables: Readonly<Record<string, readonly string[]>>;
  readonly actions: readonly ActionDependencies[];
  /**
   * Which actions influence which. This is finer than the matrix: adding one message does not influence an action that
   * asks for another.
   */
  readonly influences: readonly Influence[];
}

/** The questions and changes of one routine. */
interface Footprint {
  readonly action: string;
  readonly learned: boolean;
  readonly queries: Map<number, Query>;
  /** One effect for each place that is changed. */
  readonly effects: Map<string, Effect>;
}

/**
 * The dependency matrix of what a system has learned.
 *
 * Cost: the nodes and leaves of the forest, and for the influences the questions times the changes of each variable.
 */
export function dependenciesOf(learned: LearnedSystem): Dependencies {
  const { slots } = learned.shape;
  const variableOf = nameVariables(learned);
  const variables: Record<string, string[]> = {};
  for (const slot of slots) (variables[variableOf(slot)] ??= []).push(slot.path);
  const footprints = footprintsOf(learned);
  const paths = (used: Iterable<{ readonly slot: number }>): string[] => {
    const indexes = new Set([...used].map(({ slot }) => slot));
    return slots.filter(({ index }) => indexes.has(index)).map(({ path }) => path);
  };
  return {
    variables,
    actions: footprints.map(({ action, learned, queries, effects }) => ({
      action,
      learned,
      reads: paths(queries.values()),
      writes: paths(effects.values()),
    })),
    influences: influencesAmong(footprints, learned, variableOf),
  };
}

/** The footprints of the actions and of `afterEach`; those of routines that are called directly are empty. */
function footprintsOf({ learner, numbers }: LearnedSystem): Footprint[] {
  const { forest, queries } = learner;
  const routines = [...numbers.actions, ...(numbers.afterEach === undefined ? [] : [numbers.afterEach])];
  const footprints = new Map<number, Footprint>();
  for (const routine of routines) {
    const learned = learner.direct(routine) === undefined;
    const action = learner.routines[routine]!.name;
    footprints.set(routine, { action, learned, queries: new Map(), effects: new Map() });
  }
  for (let node = 1; node <= forest.size; node++) {
    const footprint = footprints.get(forest.routineOf(node));
    const query = queries.at(forest.queryOf(node));
    if (footprint?.learned === true && query.slot >= 0) footprint.queries.set(forest.queryOf(node), query);
  }
  for (const { routine, effects } of forest.leaves) {
    const footprint = footprints.get(routine);
    if (footprint?.learned !== true) continue;
    for (const effect of effects) footprint.effects.set(`${effect.slot}:${effect.key}`, effect);
  }
  return [...footprints.values()];
}

function influencesAmong(
  footprints: readonly Footprint[],
  { shape, values }: LearnedSystem,
  variableOf: (slot: Slot) => string,
): Influence[] {
  const influences: Influence[] = [];
  for (const from of footprints) {
    for (const to of footprints) {
      const slots = new Set<number>();
      for (const effect of from.effects.values()) {
        if (slots.has(effect.slot)) continue;
        for (const query of to.queries.values()) {
          if (!disturbs(effect, query, values)) continue;
          slots.add(effect.slot);
          break;
        }
      }
      if (slots.size === 0) continue;
      const through = shape.slots.filter(({ index }) => slots.has(index)).map(variableOf);
      influences.push({ from: from.action, to: to.action, through: [...new Set(through)] });
    }
  }
  return influences;
}

/**
 * Names the variable of each slot: its path, with `*` where a record has a field for each of some elements of a
 * constant (its nodes, say), which are alike.
 */
function nameVariables({ shape, system }: LearnedSystem): (slot: Slot) => string {
  const families = Object.values(system.constants).map(elementNames);
  const names = new Map<number, string>();
  const name = (part: Shape, path: readonly string[]): void => {
    if (part.kind === 'slot') {
      names.set(part.slot.index, path.join('.'));
      return;
    }
    const keys = [...part.fields.keys()];
    // The fields of the state itself are its variables, whatever they are called.
    const alike = path.length > 0 && families.some((family) => keys.every((key) => family.has(key)));
    for (const [key, field] of part.fields) name(field, [...path, alike ? '*' : key]);
  };
  name(shape.root, []);
  return ({ index }) => names.get(index)!;
}

/** The elements of a constant, as they are written where they are keys of a record. */
function elementNames(constant: Value): ReadonlySet<string> {
  if (constant instanceof SetValue) return new Set([...constant.elements()].map(keyText));
  if (Array.isArray(constant)) return new Set((constant as readonly Value[]).map(keyText));
  return isRecord(constant) ? new Set(Object.keys(constant)) : new Set();
}

function keyText(element: Value): string {
  return typeof element === 'string' ? element : show(element);
}
