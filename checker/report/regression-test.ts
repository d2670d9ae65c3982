/** A counterexample as a test that fails where it is possible again. */
import { BivalentError } from '../core/index.ts';
import { toJson, type RecordValue } from '../value/index.ts';
import type { Counterexample } from './replay.ts';

/** What is known of the counterexample beside itself. */
export interface RegressionOptions {
  /** From where the test imports the spec, by its default export: `./mutex.ts`. */
  readonly specFrom: string;
  readonly constants: RecordValue;
  /** The mutant of the spec that is replayed. */
  readonly mutant?: string;
}

/**
 * A test for vitest that replays a counterexample.
 *
 * It holds the initial state and the names of the steps, so that it goes on to say something where the spec changes.
 *
 * @returns the text of a TypeScript file
 * @throws BivalentError `replay/undecided` for a property of whole behaviours, which a replay cannot judge
 */
export function regressionTest(
  { kind, name, trace }: Counterexample,
  { specFrom, constants, mutant }: RegressionOptions,
): string {
  if (kind !== 'invariant' && kind !== 'transition' && kind !== 'deadlock') {
    throw new BivalentError(
      'replay/undecided',
      `a replay cannot judge whether ${name} holds of a whole behaviour: write a test with checkSpec, of bivalent/testing`,
    );
  }
  const claim =
    kind === 'deadlock'
      ? 'the steps that once led to a deadlock do not'
      : `${name} holds on the steps that once broke it`;
  const [first, ...others] = trace;
  const state = first!.state === undefined ? {} : { state: toJson(first!.state) };
  const steps = [
    { action: null, parameters: {}, ...state },
    ...others.map(({ action, parameters }) => ({ action, parameters: toJson(parameters) })),
  ];
  const options = mutant === undefined ? '' : `, { mutant: ${JSON.stringify(mutant)} }`;
  return `import { replaySpec } from 'bivalent/testing';
import { expect, test } from 'vitest';

import spec from ${JSON.stringify(specFrom)};

test(${JSON.stringify(claim)}, () => {
  expect(replaySpec(spec, counterexample${options}).result).not.toBe('violated');
});

/** The initial state, and the steps with what they picked. */
const counterexample = {
  constants: ${JSON.stringify(toJson(constants))},
  violation: {
    kind: ${JSON.stringify(kind)},
    name: ${JSON.stringify(name)},
    trace: [
${steps.map((step) => `      ${JSON.stringify(step)},`).join('\n')}
    ],
  },
};
`;
}
