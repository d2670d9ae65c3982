import { describe, expect, test } from 'vitest';

import { check } from '../property/index.ts';
import { bind, defineSpec, nodes, when, type Spec } from '../spec/index.ts';

/** Nodes that join a ring of waiting ones, where `first` may be told apart. */
const queue = (parts: object = {}, symmetric = true): Spec => {
  const spec = defineSpec({
    name: 'Queue',
    constants: { N: nodes('n', 3, { symmetric }) },
    init: () => ({ waiting: [] as string[] }),
    actions: {
      join(s, { N, pick }) {
        const { n } = pick({ n: N });
        when(!s.waiting.includes(n));
        s.waiting.push(n);
      },
      leave(s) {
        when(s.waiting.length > 0);
        s.waiting.shift();
      },
    },
  });
  return { ...spec, definition: { ...spec.definition, ...parts } } as unknown as Spec;
};

describe('symmetry', () => {
  test('leaves one state of each class, and says what counts as one', () => {
    // Of 1 + 3 + 6 + 6 orders of waiting nodes, those of 0, 1, 2 and 3 nodes.
    expect(check(bind(queue())).distinctStates).toBe(16);
    expect(check(bind(queue()), { symmetry: 'exact' })).toMatchObject({
      result: 'ok',
      distinctStates: 4,
      depth: 4,
      notes: ['what differs only in the names of N counts as one (--symmetry)'],
    });
  });

  test('gives counterexamples that are behaviours, not sequences of representatives', () => {
    const spec = queue({ invariants: { neverFull: (s: { waiting: string[] }) => s.waiting.length < 3 } });
    const { violation } = check(bind(spec), { symmetry: 'exact' });
    const waiting = violation!.trace.map(({ state }) => state['waiting'] as readonly string[]);
    expect(waiting.map(({ length }) => length)).toEqual([0, 1, 2, 3]);
    waiting.slice(1).forEach((now, i) => expect(now.slice(0, -1)).toEqual(waiting[i]));
  });

  test('is refused where a property tells names apart', () => {
    const spec = queue({ invariants: { firstIsFirst: (s: { waiting: string[] }) => s.waiting[1] !== 'n1' || true } });
    expect(check(bind(spec), { symmetry: 'exact' }).result).toBe('ok');
    const odd = queue({ invariants: { noSecond: (s: { waiting: string[] }) => s.waiting[0] !== 'n2' } });
    expect(() => check(bind(odd), { symmetry: 'exact' })).toThrow(
      "N is not symmetric: noSecond tells n2 from n3; it is true there, and false with the names exchanged. The state: {waiting: ['n3']}",
    );
  });

  test('is refused where an action tells names apart', () => {
    const spec = queue({
      actions: {
        join(s: { waiting: string[] }, { N, pick }: { N: string[]; pick: (d: object) => { n: string } }) {
          const { n } = pick({ n: N });
          when(n !== 'n3' && !s.waiting.includes(n));
          s.waiting.push(n);
        },
      },
      deadlock: false,
    });
    expect(() => check(bind(spec), { symmetry: 'exact' })).toThrow(
      "N is not symmetric: action join tells n2 from n3; in the state with the names exchanged it does not lead to {waiting: ['n2', 'n3']}. The state: {waiting: ['n3']}",
    );
  });

  test('is refused where the initial states tell names apart', () => {
    const spec = queue({ init: () => ({ waiting: ['n1'] }) });
    expect(() => check(bind(spec), { symmetry: 'exact' })).toThrow(
      "N is not symmetric: with n1 and n2 exchanged, an initial state becomes one that is not: {waiting: ['n2']}",
    );
  });

  test('is refused where the state has a part for one name only', () => {
    const spec = queue({ init: () => ({ waiting: [], of: { n1: 0, n2: 0 } }) });
    expect(() => check(bind(spec), { symmetry: 'exact' })).toThrow('N is not symmetric');
  });

  test('asks for a declaration, and says which sets look symmetric', () => {
    expect(() => check(bind(queue({}, false)), { symmetry: 'exact' })).toThrow(
      'Queue declares no symmetric set of nodes; these look symmetric: N; nodes(…, …, { symmetric: true }) declares one',
    );
  });

  test('never answers ok for temporal properties and refinements', () => {
    const spec = queue({
      temporal: ({ eventually }: { eventually: (p: () => boolean) => object }) => ({ trivial: eventually(() => true) }),
    });
    expect(check(bind(spec), { symmetry: 'exact' })).toMatchObject({
      result: 'incomplete',
      reason:
        'temporal properties and refinements are not judged under --symmetry, where states of different behaviours count as one',
    });
  });

  test('judges what must be possible', () => {
    const spec = queue({ reachable: { full: (s: { waiting: string[] }) => s.waiting.length === 3 } });
    expect(check(bind(spec), { symmetry: 'exact' }).result).toBe('ok');
  });
});
