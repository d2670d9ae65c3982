import { describe, expect, test } from 'vitest';
import { Bag, bagOf, defineSpec, nodes, setOf } from '../../checker/index.ts';
import { canonical } from '../../checker/value/index.ts';
import { defineBinding, holds, updated, type Update } from './index.ts';

const state = canonical({
  set: new Set(['a']),
  bag: bagOf(['a', 'a']),
  list: [1, 2],
  count: 5,
  record: { x: 1, y: { z: 2 } },
});

function after(...updates: readonly Update[]): unknown {
  return updated(state as never, updates);
}

describe('updated', () => {
  test('applies the operations to what they fit', () => {
    expect(after({ path: ['set'], op: 'AddElement', args: ['b'] })).toEqual({ set: setOf(['a', 'b']) });
    expect(after({ path: ['set'], op: 'AddElements', args: [['b', 'c']] })).toEqual({ set: setOf(['a', 'b', 'c']) });
    expect(after({ path: ['set'], op: 'RemoveElement', args: ['a'] })).toEqual({ set: setOf([]) });
    expect(after({ path: ['bag'], op: 'AddElementToBag', args: ['b'] })).toEqual({ bag: bagOf(['a', 'a', 'b']) });
    expect(after({ path: ['bag'], op: 'RemoveElementFromBag', args: ['a'] })).toEqual({ bag: bagOf(['a']) });
    expect(after({ path: ['bag'], op: 'ClearBag', args: [] })).toEqual({ bag: new Bag() });
    expect(after({ path: ['list'], op: 'AppendElement', args: [3] })).toEqual({ list: [1, 2, 3] });
    expect(after({ path: ['list', 0], op: 'Update', args: [9] })).toEqual({ list: [9, 2] });
    expect(after({ path: ['count'], op: 'Add', args: [2] })).toEqual({ count: 7 });
    expect(after({ path: ['record', 'y', 'z'], op: 'Sub', args: [2] })).toEqual({ record: { x: 1, y: { z: 0 } } });
    expect(after({ path: ['record'], op: 'UpdateRec', args: [{ x: 3, unknown: 1 }] })).toEqual({
      record: { x: 3, y: { z: 2 } },
    });
    expect(after({ path: ['record'], op: 'SetKey', args: ['x', 4] })).toEqual({ record: { x: 4, y: { z: 2 } } });
    expect(after({ path: ['record'], op: 'Unchanged', args: [] })).toEqual({ record: { x: 1, y: { z: 2 } } });
  });

  test('applies one after the other, and reports the variables that were named', () => {
    const updates = [
      { path: ['count'], op: 'Add', args: [1] },
      { path: ['set'], op: 'Clear', args: [] },
      { path: ['count'], op: 'Add', args: [1] },
    ];
    expect(after(...updates)).toEqual({ count: 7, set: setOf([]) });
  });

  test('refuses what does not fit', () => {
    expect(() => after({ path: ['absent'], op: 'Update', args: [1] })).toThrow(
      'there is nothing at `absent` to update',
    );
    expect(() => after({ path: ['count'], op: 'AddElement', args: [1] })).toThrow(
      'the operation `AddElement` does not fit the value 5',
    );
    expect(() => after({ path: ['set'], op: 'Update', args: [] })).toThrow('`Update` needs an argument');
    expect(() => after({ path: ['set'], op: 'Explode', args: [1] })).toThrow(
      "the operation `Explode` does not fit the value Set{'a'}",
    );
  });
});

describe('the types of a binding', () => {
  const spec = defineSpec({
    name: 'Typed',
    constants: { nodes: nodes('n', 2), limit: 3 },
    init: () => ({ term: 0, role: 'follower' as 'follower' | 'leader', log: [] as number[] }),
    actions: { step() {} },
  });

  test('know the state and the constants of the spec', () => {
    const bindings = [
      defineBinding(spec, {
        constants: () => ({ nodes: 3, limit: 4 }),
        events: {
          good: { action: 'step', after: { term: 1, role: holds('is known', (role) => role === 'leader'), log: [1] } },
          // @ts-expect-error -- the state has no such variable
          otherVariable: { action: 'step', after: { terms: 1 } },
          // @ts-expect-error -- the variable is a number
          otherType: { action: 'step', after: { term: 'one' } },
          // @ts-expect-error -- the variable has no such value
          otherValue: { action: 'step', before: { role: 'candidate' } },
        },
      }),
      // @ts-expect-error -- the spec has no such constant
      defineBinding(spec, { constants: () => ({ limits: 4 }), events: {} }),
    ];
    expect(bindings).toHaveLength(2);
  });
});
