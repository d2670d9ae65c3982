/** What the learned engine records of a run of user code, as text: the questions that it asked and the changes it made. */
import { expect } from 'vitest';
import { bind, defineSpec, stepsOf, type System } from '../spec/index.ts';
import { Bag, show, type Draft, type RecordValue } from '../value/index.ts';
import { LearnedSystem } from './learned-system.ts';
import { Ask, type Effect, type Query } from './query.ts';

/** One enabled run of an action. */
export interface Recorded {
  /** The questions, in order. */
  readonly asks: readonly string[];
  /** The changes, by slot. */
  readonly changes: readonly string[];
  /** The state that the changes make of the state that was asked. */
  readonly next: RecordValue;
}

/** A spec with one initial state and one action. */
export function systemOf<State extends object>(
  init: () => State,
  act: Parameters<typeof defineSpec<Record<string, never>, State>>[0]['actions'][string],
): System {
  return bind(defineSpec({ name: 'Recorded', init, actions: { act } }));
}

/** Records the first action of a system in its first initial state: one run for each of its choices. */
export function recorded(system: System): Recorded[] {
  const learned = new LearnedSystem(system, new Set());
  const layout = learned.firstLayout();
  const { relation } = learned.compile(layout);
  const { forest, queries } = learned.learner;
  const ids = new Int32Array(layout.groups.length);
  layout.encode(system.initialStates[0]!, ids);
  relation.lookAt(ids, ids);
  const runs: Recorded[] = [];
  for (const { code } of relation.rootsOf(0)) {
    relation.walk(code, (leaf) => {
      const { effects } = relation.leaf(leaf);
      const next = ids.slice();
      relation.effects.applyOnce(effects, next);
      runs.push({
        asks: forest.pathTo(leaf).map(({ query }) => askText(learned, queries.at(query))),
        changes: effects.map((effect) => changeText(learned, effect)),
        next: layout.decode(next),
      });
    });
  }
  return runs;
}

/** The successors of the first initial state, by the reference semantics. */
export function successorsByReference(system: System): RecordValue[] {
  return stepsOf(system, system.actions[0]!, system.initialStates[0]!).map(({ state }) => state);
}

function askText({ shape, values }: LearnedSystem, { side, slot, ask, argument }: Query): string {
  const path = `${side === 1 ? 'after.' : ''}${shape.slots[slot]?.path ?? ''}`;
  const text = argument === 0 ? '' : show(values.value(argument));
  switch (ask) {
    case Ask.whole:
      return path;
    case Ask.entry:
      return `entry ${path} ${text}`;
    case Ask.size:
      return `size ${path}`;
    case Ask.distinct:
      return `distinct ${path}`;
    case Ask.where:
      return `where ${path} ${text}`;
    case Ask.fork:
      return `pick ${path}`;
    default:
      return `pick ${text}`;
  }
}

function changeText({ shape, values }: LearnedSystem, { slot, key, relative, value, floor }: Effect): string {
  const { path, kind } = shape.slots[slot]!;
  if (key === 0) return `${path} = ${show(values.value(value))}`;
  const element = show(values.value(key));
  if (relative) return `${path} ${element} ${value < 0 ? value : `+${value}`}, at least ${floor}`;
  if (kind === 'set') return `${path} ${value === 1 ? '+' : '-'} ${element}`;
  return `${path} ${element} => ${value === 0 ? 'none' : show(values.value(value))}`;
}

/** An element of `sent`. */
interface Message {
  readonly to: string;
  readonly k: number;
}

/** A state with a part of every kind. */
export const initial = () => ({
  n: 1,
  on: false,
  log: [{ term: 1 }, { term: 2 }],
  node: { a: { role: 'idle', voted: null as string | null }, b: { role: 'busy', voted: 'a' as string | null } },
  votes: new Set(['a', 'b']),
  sent: new Set<Message>([
    { to: 'a', k: 1 },
    { to: 'b', k: 2 },
  ]),
  bag: new Bag(['x', 'x', 'y']),
  table: new Map([
    ['k', 1],
    ['l', 2],
  ]),
});

export type State = Draft<ReturnType<typeof initial>>;

/** What an action is given beside the state. */
export interface Choosing {
  readonly pick: <D extends Record<string, Iterable<unknown>>>(domains: D) => Record<keyof D, never>;
}

/** What the code does, the code, what it asks, what it changes. */
export type Case = readonly [what: string, code: (s: State, c: Choosing) => void, asks: string[], changes: string[]];

/** Expects a recording, and that the changes lead where the reference semantics leads. */
export function expectRecorded([, code, asks, changes]: Case): void {
  const system = systemOf(initial, code as never);
  const runs = recorded(system);
  // Changes of one state have no order.
  expect(runs.map(({ asks, changes }) => ({ asks, changes: changes.toSorted() }))).toEqual([
    { asks, changes: changes.toSorted() },
  ]);
  expect(runs.map(({ next }) => next)).toEqual(successorsByReference(system));
}
