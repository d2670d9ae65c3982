import { describe, expect, test } from 'vitest';

import { setOf } from '../value/index.ts';
import { bind, defineSpec, majorities, mapOf, nodes, oneOf, parseConstant, range, subsets } from './index.ts';
import type { Spec, System } from './index.ts';

describe('what constants and states are built from', () => {
  test('nodes are identifiers with a number', () => {
    expect([...nodes('rm', 3)]).toEqual(['rm1', 'rm2', 'rm3']);
    expect(() => nodes('rm', 0)).toThrow("nodes('rm', 0): give how many nodes, a whole number from 1");
    expect(() => nodes('rm', 1.5)).toThrow("nodes('rm', 1.5): give how many nodes, a whole number from 1");
    expect(() => nodes('rm1', 2)).toThrow("nodes('rm1', …): a prefix must not end in a digit");
  });

  test('mapOf has one field for each key', () => {
    expect(mapOf(nodes('n', 2), (n) => `${n}!`)).toEqual({ n1: 'n1!', n2: 'n2!' });
  });

  test('range has both its ends', () => {
    expect([range(2, 4), range(2, 2), range(2, 1)]).toEqual([[2, 3, 4], [2], []]);
    expect([range(-1, 1), range(0.5, 2), range(63, 65)]).toEqual([
      [-1, 0, 1],
      [0.5, 1.5],
      [63, 64, 65],
    ]);
  });

  test('ranges, subsets and majorities of what cannot change are made once, and cannot change either', () => {
    const all = nodes('n', 3);
    for (const make of [() => range(0, 3), () => subsets(all), () => majorities(all)]) {
      expect(make()).toBe(make());
      expect(Object.isFrozen(make())).toBe(true);
    }
    const some = [1, 2];
    expect(subsets(some)).toHaveLength(4);
    some.push(3);
    expect(subsets(some)).toHaveLength(8);
  });

  test('subsets are all of them', () => {
    expect(subsets('abc')).toEqual([[], ['a'], ['b'], ['a', 'b'], ['c'], ['a', 'c'], ['b', 'c'], ['a', 'b', 'c']]);
    expect(() => subsets(range(1, 21))).toThrow('21 elements have too many subsets to list: at most 20 elements');
  });

  test('majorities are the smallest ones, and any two meet', () => {
    expect(majorities(nodes('n', 3))).toEqual([
      ['n1', 'n2'],
      ['n1', 'n3'],
      ['n2', 'n3'],
    ]);
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const all = majorities(range(1, n));
      expect(all.every((a) => all.every((b) => a.some((x) => b.includes(x))))).toBe(true);
    }
  });
});

const spec = defineSpec({
  name: 'Constants',
  constants: {
    RM: nodes('rm', 2),
    quorum: oneOf('all', 'majority'),
    retries: oneOf(1, 3, null),
    limit: 2,
    ratio: 0.5,
    strict: true,
    label: 'x',
    big: 5n,
    list: [1, 2],
    keyed: { a: 1 },
    ids: new Set([1]),
    none: null,
  },
  init: (constants) => ({ constants: Object.entries(constants).map(([name]) => name) }),
  actions: { stay() {} },
}) as unknown as Spec;

function bound(constants: Record<string, unknown>): () => System {
  return () => bind(spec, { constants });
}

describe('constants', () => {
  test('have their defaults, and can be replaced in code', () => {
    const given = {
      RM: 3,
      quorum: 'majority',
      retries: null,
      limit: 7,
      strict: false,
      big: 9n,
      ids: setOf([4]),
      none: [1],
    };
    expect(bind(spec).constants).toMatchObject({ RM: ['rm1', 'rm2'], quorum: 'all', retries: 1, limit: 2, none: null });
    expect(bind(spec, { constants: given }).constants).toEqual({
      ...bind(spec).constants,
      ...given,
      RM: ['rm1', 'rm2', 'rm3'],
    });
    expect(bind(spec, { constants: { RM: ['rm7', 'rm2'] } }).constants['RM']).toEqual(['rm7', 'rm2']);
  });

  test.each([
    ['RM=3', 'RM', ['rm1', 'rm2', 'rm3']],
    ['RM=rm5,rm7', 'RM', ['rm5', 'rm7']],
    ['quorum=majority', 'quorum', 'majority'],
    ['retries=3', 'retries', 3],
    ['retries=null', 'retries', null],
    ['limit=-7', 'limit', -7],
    ['ratio=1e-3', 'ratio', 0.001],
    ['strict=false', 'strict', false],
    ['label=a=b', 'label', 'a=b'],
    ['label=', 'label', ''],
    ['big=12', 'big', 12n],
    ['big=-12n', 'big', -12n],
    ['list=[3]', 'list', [3]],
    ['keyed={"b":2}', 'keyed', { b: 2 }],
    ['ids={"#set":[2]}', 'ids', setOf([2])],
    ['none=5', 'none', 5],
    ['none=text', 'none', 'text'],
  ])('are read from the command line: %s', (text, name, value) => {
    const [parsedName, parsed] = parseConstant(spec, text);
    expect(parsedName).toBe(name);
    expect(bind(spec, { constants: { [name]: parsed } }).constants[name]).toEqual(
      bind(spec, { constants: { [name]: value } }).constants[name],
    );
  });

  const names = 'its constants are RM, quorum, retries, limit, ratio, strict, label, big, list, keyed, ids, none';
  test.each([
    ['RN=3', `Constants has no constant RN; did you mean RM?; ${names}`],
    ['zzzzzz=3', `Constants has no constant zzzzzz; ${names}`],
    ['limit', "a constant is given as name=value, not as 'limit'"],
    ['=5', "a constant is given as name=value, not as '=5'"],
    ['RM=0', "the constant RM is a set of nodes: how many, or names such as rm1,rm2, not '0'"],
    ['RM=many', "the constant RM is a set of nodes: how many, or names such as rm1,rm2, not 'many'"],
    ['RM=rm1,rm1', "the constant RM is a set of nodes: how many, or names such as rm1,rm2, not 'rm1,rm1'"],
    ['quorum=some', "the constant quorum is one of 'all', 'majority', not 'some'"],
    ['retries=2', "the constant retries is one of 1, 3, null, not '2'"],
    ['limit=three', "the constant limit is a number, not 'three'"],
    ['limit=', "the constant limit is a number, not ''"],
    ['strict=yes', "the constant strict is true or false, not 'yes'"],
    ['big=1.5', "the constant big is a whole number, not '1.5'"],
    ['list=1', "the constant list is an array, not '1'"],
    ['keyed=[]', "the constant keyed is a record, not '[]'"],
    ['ids=[1]', "the constant ids is a set, not '[1]'"],
  ])('are refused where they do not fit: %s', (text, message) => {
    const code = message.startsWith('Constants has') ? 'spec/unknown-constant' : 'spec/constant';
    expect(() => parseConstant(spec, text)).toThrow(expect.objectContaining({ code, message }));
  });

  test('are refused in code as on the command line', () => {
    expect(bound({ limit: '3' })).toThrow("the constant limit is a number, not '3'");
    expect(bound({ limit: NaN })).toThrow(
      'the constant limit: NaN is not a value: a number is finite; use null for "none"',
    );
    expect(bound({ limits: 3 })).toThrow(`Constants has no constant limits; did you mean limit?; ${names}`);
  });

  test('that a spec does not declare are refused', () => {
    const bare = defineSpec({ name: 'Bare', init: () => ({ n: 0 }), actions: { stay() {} } });
    expect(() => bind(bare, { constants: { N: 1 } })).toThrow('Bare has no constant N; it has none');
  });

  test('are frozen', () => {
    let seen: unknown;
    const watching = defineSpec({
      name: 'Watching',
      constants: { keyed: { a: [1] }, N: nodes('n', 1) },
      init: ({ keyed, N }) => {
        seen = [keyed, keyed.a, N];
        return { n: 0 };
      },
      actions: { stay() {} },
    });
    bind(watching);
    expect((seen as object[]).every((x) => Object.isFrozen(x))).toBe(true);
  });
});
