/** What is wrong in a spec is said with its place: the action or property, its choices, the state, the line. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BivalentError, guardGlobals } from '../core/index.ts';
import { bagOf, canonical } from '../value/index.ts';
import type { RecordValue } from '../value/index.ts';
import { bind, defineSpec, evaluate, nodes, successors } from './index.ts';
import type { Action, Predicate, Spec } from './index.ts';

const constants = { N: nodes('n', 2) };

const init = () => ({
  n: 0,
  node: { n1: { log: [{ term: 1 }, { term: 2 }], votes: new Set<unknown>() } },
  messages: new Set([{ type: 'vote', seen: [0] }]),
  entries: new Map([['a', { n: 1 }]]),
  network: bagOf([{ type: 'ack' }]),
});
type State = ReturnType<typeof init>;
type Edit = Action<State, typeof constants>;
type Claim = Predicate<State, typeof constants>;

function caught(f: () => unknown): BivalentError {
  try {
    f();
  } catch (error) {
    if (error instanceof BivalentError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The error of an action, run in the initial state. */
function errorOf(act: unknown): BivalentError {
  const spec = defineSpec({ name: 'Wrong', constants, init, actions: { act: act as Edit } });
  const system = bind(spec);
  return caught(() => successors(system, system.initialStates[0]!));
}

/** The error of an invariant, asked in the initial state. */
function errorOfClaim(claim: unknown): BivalentError {
  const spec = defineSpec({
    name: 'Wrong',
    constants,
    init,
    actions: { stay() {} },
    invariants: { claim: claim as Claim },
  });
  const system = bind(spec);
  return caught(() => evaluate(system.invariants[0]!, system.initialStates[0]!));
}

/** Names that user code would use, with types that let it be wrong. */
type Loose = { [key: string]: never } & State;
const edit = (f: (s: Loose, c: { pick: (d: object) => { [key: string]: never }; N: string[] }) => unknown) => f;

let release: () => void;
beforeAll(() => (release = guardGlobals()));
afterAll(() => release());

describe('an action that is wrong is told with its picks', () => {
  const advice = 'a state holds data only';
  const cases: readonly (readonly [name: string, f: unknown, code: string, message: string])[] = [
    [
      'it throws',
      edit((s, { pick, N }) => {
        pick({ node: N, x: [1] });
        return s['missing']!['field'];
      }),
      'spec/threw',
      "action act(node=n1, x=1) threw TypeError: Cannot read properties of undefined (reading 'field')",
    ],
    [
      'it throws what is no error',
      () => {
        // eslint-disable-next-line no-throw-literal
        throw 'a text';
      },
      'spec/threw',
      'action act threw "a text"',
    ],
    [
      'it returns a value, after a pick',
      edit((_, { pick }) => (pick({ x: [1] }), 5n)),
      'spec/result',
      'action act(x=1) returned 5: an action returns nothing: it edits the state',
    ],
    [
      'it returns a state',
      edit((s) => ({ ...s })),
      'spec/result',
      'action act returned an object: an action returns nothing: it edits the state',
    ],
    [
      'it is async',
      async () => Promise.resolve(),
      'spec/async',
      'action act is async: actions and properties are synchronous',
    ],
    [
      'it is impure',
      edit((s, { pick }) => {
        pick({ x: [1] });
        s.n = Math.random();
      }),
      'spec/impure',
      'action act(x=1): Math.random() is not allowed in a spec, which must be pure: use pick for what may go either way',
    ],
    [
      'it picks a name twice',
      edit((_, { pick }) => {
        pick({ x: [1] });
        pick({ x: [2] });
      }),
      'spec/duplicate-pick',
      'action act(x=1): x is chosen twice: give the second choice another name',
    ],
    [
      'it picks from nothing that has elements',
      edit((s, { pick }) => void pick({ x: s.node })),
      'spec/domain',
      'action act: nothing can be chosen for x from a record: for its keys use Object.keys',
    ],
    [
      'it writes NaN',
      edit((s) => void (s.node.n1.log[1]!.term = NaN)),
      'value/refused',
      'action act: at node.n1.log[1].term: NaN is not a value: a number is finite; use null for "none"',
    ],
    [
      'it writes a function',
      edit((s) => void (s['n'] = (() => 1) as never)),
      'value/refused',
      `action act: at n: a function is not a value: ${advice}`,
    ],
    [
      'it writes undefined deep inside',
      edit((s) => void (s.node.n1 = { log: [{ term: undefined }] } as never)),
      'value/refused',
      'action act: at node.n1.log[0].term: undefined is not a value: use null, or leave the field out',
    ],
    [
      'it pushes a Date',
      edit((s) => s.node.n1.log.push(new Date(0) as never) && undefined),
      'value/refused',
      'action act: at node.n1.log: in what was given to push: a Date is not a value: keep time as a number',
    ],
    [
      'it adds what is no value to a set',
      edit((s) => void s.node.n1.votes.add({ by: [undefined] })),
      'value/refused',
      'action act: at node.n1.votes: in what was given to add: at by[0]: undefined is not a value: use null, or leave the field out',
    ],
    [
      'it makes a hole',
      edit((s) => void (s.node.n1.log[5] = { term: 1 })),
      'spec/draft',
      'action act: node.n1.log cannot get [5]: an array has no holes and no named properties; use push, or a record',
    ],
    [
      'it deletes an element',
      edit((s) => void Reflect.deleteProperty(s.node.n1.log, 0)),
      'spec/draft',
      'action act: node.n1.log cannot get a hole at [0]: remove elements with splice',
    ],
    [
      'it lengthens an array',
      edit((s) => void (s.node.n1.log.length = 9)),
      'spec/draft',
      'action act: node.n1.log cannot get a length beyond its elements: use push',
    ],
    [
      'it names a property of an array',
      edit((s) => void Object.assign(s.node.n1.log, { last: 1 })),
      'spec/draft',
      'action act: node.n1.log cannot get [last]: an array has no holes and no named properties; use push, or a record',
    ],
    [
      'it writes a symbol key',
      edit((s) => void Reflect.set(s, Symbol('x'), 1)),
      'spec/draft',
      'action act: the state cannot get the symbol key Symbol(x): keys are strings',
    ],
    [
      'it freezes the state',
      edit((s) => void Object.freeze(s.node)),
      'spec/draft',
      'action act: node cannot get freeze, seal or preventExtensions: a draft is frozen when the action ends',
    ],
    [
      'it defines a property',
      edit((s) => void Object.defineProperty(s, 'n', { value: 1 })),
      'spec/draft',
      'action act: the state cannot get defineProperty: assign the field',
    ],
    [
      'it gives a set a property',
      edit((s) => void Object.assign(s.messages, { leader: 1 })),
      'spec/draft',
      'action act: messages cannot get the property leader: a set, map or bag has elements only',
    ],
    [
      'it clones the state',
      edit((s) => void structuredClone(s.node)),
      'spec/threw',
      'action act threw DataCloneError: #<Object> could not be cloned.',
    ],
  ];

  test.each(cases)('%s', (_, act, code, message) => {
    const error = errorOf(act);
    expect([error.message, error.code]).toEqual([message, code]);
    expect(error.details).toMatchObject({ action: 'act', state: canonical(init()) });
  });

  test('and with its line', () => {
    const error = errorOf(edit((s) => void (s.n = NaN)));
    expect(error.details.file).toMatch(/errors\.test\.ts$/);
    expect(error.details).toMatchObject({ action: 'act', parameters: {}, path: 'n' });
  });
});

describe('what may only be read cannot be changed, and the error says where', () => {
  const elements = 'elements are frozen: delete this one and add the changed one (in a map, set the entry)';
  const actions: readonly (readonly [name: string, f: unknown, message: string])[] = [
    [
      'a set',
      edit((s) => {
        for (const m of s.messages) m.type = 'x';
      }),
      `action act: type of an element of messages cannot be changed: ${elements}`,
    ],
    [
      'a picked element',
      edit((s, { pick }) => {
        const { m } = pick({ m: s.messages });
        (m as unknown as { type: string }).type = 'x';
      }),
      `action act(m={seen: [0], type: 'vote'}): type of the picked m cannot be changed: ${elements}`,
    ],
    [
      'a found element, deep inside',
      edit((s) => void [...s.messages][0]!.seen.push(1)),
      `action act: seen[1] of an element of messages cannot be changed: ${elements}`,
    ],
    [
      'a map',
      edit((s) => void (s.entries.get('a')!.n = 2)),
      `action act: n of an element of entries cannot be changed: ${elements}`,
    ],
    [
      'a bag',
      edit((s) => s.network.forEach((m) => void ((m as { type: string }).type = 'x'))),
      `action act: type of an element of network cannot be changed: ${elements}`,
    ],
  ];
  test.each(actions)('an element of %s, by an action', (_, act, message) => {
    expect(errorOf(act)).toMatchObject({ code: 'spec/frozen-write', message, details: { action: 'act' } });
  });

  const claims: readonly (readonly [name: string, f: unknown, message: string])[] = [
    [
      'a field',
      (s: Loose) => (s.node.n1.log[1]!.term = 5) > 0,
      'invariant claim: node.n1.log[1].term cannot be changed: this state may only be read',
    ],
    [
      'an array',
      (s: Loose) => s.node.n1.log.push({ term: 1 }) > 0,
      'invariant claim: node.n1.log[2] cannot be changed: this state may only be read',
    ],
    [
      'the order of an array',
      (s: Loose) => s.node.n1.log.reverse().length > 0,
      'invariant claim: node.n1.log[0] cannot be changed: this state may only be read',
    ],
    [
      'a key',
      (s: Loose) => delete (s as Partial<State>).node,
      'invariant claim: node cannot be changed: this state may only be read',
    ],
    [
      'a set',
      (s: Loose) => s.messages.clear() === undefined,
      'invariant claim: messages cannot be changed: this state may only be read',
    ],
    [
      'a map',
      (s: Loose) => s.entries.set('a', { n: 1 }) === undefined,
      'invariant claim: entries cannot be changed: this state may only be read',
    ],
    [
      'a bag',
      (s: Loose) => s.network.add({ type: 'x' }) === undefined,
      'invariant claim: network cannot be changed: this state may only be read',
    ],
  ];
  test.each(claims)('%s, by an invariant', (_, claim, message) => {
    expect(errorOfClaim(claim)).toMatchObject({ code: 'spec/frozen-write', message, details: { action: 'claim' } });
  });

  test('the state before, by afterEach', () => {
    const spec = defineSpec({
      name: 'Wrong',
      init,
      actions: { stay() {} },
      afterEach: (_, { before }) => void ((before as { n: number }).n = 1),
    });
    const system = bind(spec);
    const error = caught(() => successors(system, system.initialStates[0]!));
    expect([error.code, error.message]).toEqual([
      'spec/frozen-write',
      'afterEach: n cannot be changed: this state may only be read',
    ]);
  });
});

function wrong(): never {
  throw new Error('x');
}

describe('a property that is wrong', () => {
  test.each<readonly [string, unknown, string]>([
    ['returns no boolean', () => 1, 'invariant claim returned 1: a property returns true or false'],
    ['returns nothing', () => undefined, 'invariant claim returned undefined: a property returns true or false'],
    ['is async', async () => Promise.resolve(true), 'invariant claim is async: actions and properties are synchronous'],
    [
      'throws, after forAll',
      (_: unknown, { forAll, N }: { forAll: (d: object) => unknown; N: string[] }) => {
        forAll({ a: N });
        throw new Error('oops');
      },
      'invariant claim(a=n1) threw Error: oops',
    ],
  ])('%s', (_, claim, message) => {
    const error = errorOfClaim(claim);
    expect(error.message).toBe(message);
    expect(error.details.action).toBe('claim');
  });

  test('calls when', async () => {
    const { when } = await import('./when.ts');
    expect(errorOfClaim((s: State) => (when(s.n > 5), true)).message).toBe(
      'invariant claim called when: when belongs in actions and init; in a property write !condition || …',
    );
  });

  test('is named by its kind', () => {
    const spec = defineSpec({
      name: 'Wrong',
      init,
      actions: { stay() {} },
      constraint: wrong,
      actionConstraint: wrong,
      terminated: wrong,
      transitionInvariants: { grows: wrong },
    }) as unknown as Spec;
    const system = bind(spec);
    const state = system.initialStates[0] as RecordValue;
    const properties = [
      system.constraint!,
      system.actionConstraint!,
      system.terminated!,
      ...system.transitionInvariants,
    ];
    expect(properties.map((property) => caught(() => evaluate(property, state, state)).message)).toEqual([
      'constraint threw Error: x',
      'action constraint threw Error: x',
      'terminated threw Error: x',
      'transition invariant grows threw Error: x',
    ]);
  });
});

test('a pick that is kept for later is refused', () => {
  let kept: ((domains: object) => unknown) | undefined;
  const spec = defineSpec({
    name: 'Late',
    init,
    actions: { keep: (_, { pick }) => void (kept = pick as typeof kept) },
  });
  const system = bind(spec);
  successors(system, system.initialStates[0]!);
  expect(() => kept?.({ x: [1] })).toThrow('action keep called pick or forAll after it had ended');
});

test('a draft that is kept for later is refused', () => {
  let kept: { n: number } | undefined;
  const spec = defineSpec({
    name: 'Late',
    init,
    actions: {
      keep(s) {
        if (kept !== undefined) s.n = kept.n;
        kept = s;
      },
    },
  });
  const system = bind(spec);
  successors(system, system.initialStates[0]!);
  expect(caught(() => successors(system, system.initialStates[0]!)).message).toBe(
    'action keep used a part of a state that an earlier run was given: a spec keeps nothing outside its state',
  );
});
