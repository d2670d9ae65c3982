import { describe, expect, test } from 'vitest';

import abdRegister from '../../specs/abd-register/abd-register.ts';
import diningPhilosophers from '../../specs/dining-philosophers/dining-philosophers.ts';
import lamportMutexProtocol from '../../specs/lamport-mutex-protocol/lamport-mutex-protocol.ts';
import paxos from '../../specs/paxos/paxos.ts';
import rpcExactlyOnce from '../../specs/rpc-exactly-once/rpc-exactly-once.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import twoPhaseCommitProtocol from '../../specs/two-phase-commit-protocol/two-phase-commit-protocol.ts';
import type { Violation } from '../explore/index.ts';
import { check } from '../property/index.ts';
import { bind, defineSpec, when, type Spec } from '../spec/index.ts';
import { replaySpec, type SavedViolation } from '../testing/index.ts';
import { checkDocument } from './json.ts';
import { regressionTest } from './regression-test.ts';
import { replay, type Replay } from './replay.ts';
import { replayText } from './replay-text.ts';
import { savedCounterexample } from './saved.ts';

/** A counter that must stay below three, in several versions. */
function counter({ step = 1, most = 9, name = 'add' } = {}): Spec {
  return defineSpec({
    name: 'Counter',
    constants: { step, most },
    init: () => ({ n: 0 }),
    actions: {
      [name](s, { step: by, most: limit, pick }) {
        const { twice } = pick({ twice: [false, true] });
        when(s.n < limit);
        s.n += twice ? 2 * by : by;
      },
    },
    invariants: { small: (s) => s.n < 3 },
    deadlock: false,
  }) as unknown as Spec;
}

const violation: Violation = check(bind(counter())).violation!;

function replayed(spec: Spec, found: Violation = violation): { readonly replay: Replay; readonly text: string } {
  const result = replay(bind(spec), found);
  return { replay: result, text: replayText(result, found) };
}

describe('a replay', () => {
  test('on the same spec violates the property by the same steps', () => {
    const { replay: again, text } = replayed(counter());
    expect(again).toEqual({ result: 'violated', trace: violation.trace, differences: [] });
    expect(text).toBe(`✗ It still violates small after 2 of 2 steps

  0  initial state
  1  add(twice=false)
  2  add(twice=true)
`);
  });

  test('says at which step it stops being possible, and which guard fails', () => {
    const { replay: again, text } = replayed(counter({ most: 1 }));
    expect(again.result).toBe('impossible');
    expect(text.replace(/replay\.test\.ts:\d+/, 'here'))
      .toBe(`✓ The counterexample is no longer possible: step 2 of 2 cannot be taken

  add(twice=true): its guard is false
    here
    it read n = 1

  0  initial state
  1  add(twice=false)
`);
  });

  test('says where steps lead elsewhere, and goes on', () => {
    const { replay: again, text } = replayed(counter({ step: 0 }));
    expect(again.result).toBe('holds');
    expect(text.split('\n').slice(0, 4)).toEqual([
      '✓ All 2 steps are possible, and small holds on the way',
      '',
      '  step 1 leads elsewhere: n is 0, not 1',
      '  step 2 leads elsewhere: n is 0, not 3',
    ]);
  });

  test('ends where the property fails earlier than it did', () => {
    const { replay: again, text } = replayed(counter({ step: 3 }));
    expect([again.result, again.trace.length]).toEqual(['violated', 2]);
    expect(text.split('\n')[0]).toBe('✗ It still violates small after 1 of 2 steps');
  });

  test('says which choice is no longer there', () => {
    const found: Violation = {
      ...violation,
      trace: violation.trace.map((s, i) => (i < 2 ? s : { ...s, parameters: { twice: 'no' } })),
    };
    expect(replayed(counter(), found).replay.stopped!.why).toBe("twice cannot be 'no': the choices are false, true");
    const unnamed: Violation = { ...violation, trace: violation.trace.map((s) => ({ ...s, parameters: {} })) };
    expect(replayed(counter(), unnamed).replay.stopped!.why).toBe(
      'it now picks twice, and the saved step does not say what',
    );
  });

  test('is refused where the spec has no such action or property, since it would say nothing', () => {
    expect(() => replayed(counter({ name: 'ad' }))).toThrowError(
      'Counter has no action add, which the counterexample is about; did you mean ad?; there are ad',
    );
    expect(() => replayed(counter(), { ...violation, name: 'smal' })).toThrowError(
      'Counter has no property smal, which the counterexample is about; did you mean small?; there are small',
    );
  });

  test('of a lasso says only whether its steps are possible', () => {
    const { replay: again, text } = replayed(counter(), { ...violation, kind: 'temporal', loopsTo: 1 });
    expect(again.result).toBe('undecided');
    expect(text.split('\n')[0]).toBe('? All 2 steps are possible; whether small holds of them only a check can say');
  });
});

const library: readonly (readonly [string, Spec])[] = Object.entries({
  abdRegister,
  diningPhilosophers,
  lamportMutexProtocol,
  paxos,
  rpcExactlyOnce,
  twoPhaseCommit,
  twoPhaseCommitProtocol,
}).map(([name, spec]) => [name, spec as unknown as Spec]);

describe.each(library)('each counterexample of %s', (_, spec) => {
  // Those of whole behaviours are not judged by a replay.
  const mutants = Object.entries(spec.definition.mutants ?? {}).filter(([, { steps }]) => steps <= 12);

  test.each(mutants.map(([mutant]) => mutant))('replays on the mutant that it is of: %s', (mutant) => {
    const result = check(bind(spec, { mutant }), { limits: { maxStates: 20_000 } });
    const found = result.violation;
    if (found === undefined || found.kind === 'temporal' || found.kind === 'refinement') return;
    const saved: unknown = JSON.parse(JSON.stringify(checkDocument(result)));
    const again = replay(bind(spec, { mutant }), savedCounterexample(saved));
    expect({ result: again.result, trace: again.trace, differences: again.differences }).toEqual({
      result: 'violated',
      trace: found.trace,
      differences: [],
    });
  });
});

describe('a regression test', () => {
  test('holds the initial state and the names of the steps, and finds what they break', async () => {
    const text = regressionTest(violation, { specFrom: './counter.ts', constants: bind(counter()).constants });
    expect(text).toBe(`import { replaySpec } from 'bivalent/testing';
import { expect, test } from 'vitest';

import spec from "./counter.ts";

test("small holds on the steps that once broke it", () => {
  expect(replaySpec(spec, counterexample).result).not.toBe('violated');
});

/** The initial state, and the steps with what they picked. */
const counterexample = {
  constants: {"most":9,"step":1},
  violation: {
    kind: "invariant",
    name: "small",
    trace: [
      {"action":null,"parameters":{},"state":{"n":0}},
      {"action":"add","parameters":{"twice":false}},
      {"action":"add","parameters":{"twice":true}},
    ],
  },
};
`);
    const literal = /const counterexample = (.*);\n$/s.exec(text)![1]!;
    const module = `export default ${literal}`;
    const { default: counterexample } = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as {
      default: SavedViolation;
    };
    expect(replaySpec(counter(), counterexample).result).toBe('violated');
    expect(replaySpec(counter(), counterexample, { constants: { most: 1 } }).result).toBe('impossible');
  });

  test('is not written of what a replay cannot judge', () => {
    expect(() =>
      regressionTest({ ...violation, kind: 'temporal' }, { specFrom: './x.ts', constants: {} }),
    ).toThrowError(
      'a replay cannot judge whether small holds of a whole behaviour: write a test with checkSpec, of bivalent/testing',
    );
  });
});
