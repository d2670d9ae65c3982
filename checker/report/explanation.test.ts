import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import type { Violation } from '../explore/index.ts';
import { check } from '../property/index.ts';
import { bind, defineSpec, when, type Spec } from '../spec/index.ts';
import type { SetView } from '../value/index.ts';
import { explain, type ExplainOptions } from './explanation.ts';
import { decisionParts, lastStepParts } from './explanation-text.ts';

/** The explanation of what is wrong with a spec, as it is written. Places are those of this file. */
function explained(spec: Spec, options: ExplainOptions = { sourceOf }): readonly string[] {
  const system = bind(spec);
  const violation = check(system).violation!;
  const explanation = explain(system, violation, options);
  const parts = [
    ...decisionParts(explanation),
    ...lastStepParts(explanation, (step) => violation.trace[step]!.action!),
  ];
  return parts.flatMap(({ sentence, lines }) => [sentence, ...lines.map(withoutLine)]);
}

function sourceOf(file: string): string {
  return readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8');
}

function withoutLine(text: string): string {
  return text.replace(/explanation\.test\.ts:\d+/, 'here');
}

const people = ['ada', 'bob', 'cleo'];

/** A door that lets in whoever comes, and a property of who is inside. */
function door(property: (s: { readonly inside: SetView<string>; readonly open: boolean }) => boolean): Spec {
  return defineSpec({
    name: 'Door',
    constants: {},
    init: () => ({ inside: new Set<string>(), open: true }),
    actions: {
      enter(s, { pick }) {
        const { who } = pick({ who: people });
        when(s.open);
        when(!s.inside.has(who) && who !== 'ada');
        s.inside.add(who);
      },
    },
    invariants: { property },
    deadlock: false,
  }) as unknown as Spec;
}

const since = [
  'Step 1, enter, was possible, as this held',
  'when(s.open)  (here)',
  "when(!s.inside.has(who) && who !== 'ada')  (here)",
  'where it read',
  'open = true',
  "inside.has('bob') = false",
];

describe('an explanation', () => {
  test('names the conjunct that is false, and the guards of the last step', () => {
    expect(explained(door((s) => s.open && !s.inside.has('bob') && !s.inside.has('cleo')))).toEqual([
      'The condition that it came to',
      "!s.inside.has('bob')  (here)",
      ...since,
    ]);
  });

  test('names the elements that break an every, and those that satisfy a some', () => {
    expect(explained(door((s) => people.every((a) => a === 'ada' || people.every((b) => !s.inside.has(b)))))).toEqual([
      'The condition that it came to',
      "people.every((a) => a === 'ada' || people.every((b) => !s.inside.has(b)))  (here)",
      'which was decided by',
      "every, which is false of a = 'bob', b = 'bob'",
      ...since,
    ]);
    expect(explained(door((s) => !s.inside.some((x) => people.includes(x))))).toEqual([
      'The condition that it came to',
      '!s.inside.some((x) => people.includes(x))  (here)',
      'which was decided by',
      "some, which is true of x = 'bob'",
      ...since,
    ]);
  });

  test('does without the text of conditions where there is no source', () => {
    expect(
      explained(
        door((s) => s.inside.size === 0),
        {},
      ),
    ).toEqual(['The condition that it came to', 'here', since[0], 'here', 'here', ...since.slice(3)]);
  });

  test('counts on request the steps that were enabled and not taken', () => {
    const system = bind(door((s) => s.inside.size < 2));
    const { violation } = check(system);
    expect(explain(system, violation!, { alternatives: true }).alternatives).toEqual([{ enter: 1 }, {}]);
  });

  test('says of a deadlock what stands against each action', () => {
    const stuck = defineSpec({
      name: 'Stuck',
      init: () => ({ n: 0, left: new Set([1]) }),
      actions: {
        take(s, { pick }) {
          const { x } = pick({ x: s.left });
          s.left.delete(x);
        },
        add(s) {
          when(s.n === 0);
          when(s.n > 0);
        },
      },
    });
    expect(explained(stuck as unknown as Spec).slice(0, 3)).toEqual([
      'Of each action, what stands against it',
      'take: there is nothing to choose from for x',
      'add: when(s.n > 0)  (here) is false',
    ]);
  });

  test('says nothing of a property that holds when it is run again', () => {
    const system = bind(door((s) => s.inside.size === 0));
    const violation: Violation = check(system).violation!;
    const kept = { ...violation, trace: violation.trace.slice(0, 1) };
    expect(explain(system, kept)).toEqual({ elements: [] });
  });

  test('leaves quantifiers as they were, where user code throws too', () => {
    const { every, some } = Array.prototype;
    const failing = check(bind(door((s) => s.inside.size === 0))).violation!;
    const thrower = bind(
      door(() => {
        throw new Error('no');
      }),
    );
    expect(() => explain(thrower, failing)).toThrowError('invariant property threw Error: no');
    expect([Array.prototype.every, Array.prototype.some]).toEqual([every, some]);
  });
});
