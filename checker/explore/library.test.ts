/** On the protocols of the library the learned engine finds what the simple explorer finds, counterexamples included. */
import { describe, expect, test } from 'vitest';
import { loadLibrary } from '../../specs/library.test-support.ts';
import { bind, type BindOptions, type Spec } from '../spec/index.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { checked, found } from './learned.test-support.ts';

/** Systems that have more states than this, or generate more, are left to the counts that they expect. */
const mostStates = 1000;
const mostGenerated = 2500;

const library = await loadLibrary();
const small = library.filter(
  ({ spec }) => (spec.definition.models?.['small']?.expected.generated ?? 0) <= mostGenerated,
);

function expectSame(spec: Spec, options: BindOptions, skip: (reason: string) => void): void {
  const system = bind(spec, options);
  const expected = simpleExplorer.check(system, { limits: { maxStates: mostStates } });
  if (expected.reason !== undefined) skip(expected.reason);
  // Planned as early as it can be, so that these models are stored as larger ones would be.
  for (const first of [10, 100]) {
    const result = checked(system, {}, { first, second: 3 * first, growth: 1.5 });
    expect(found(result)).toEqual(found(expected));
  }
}

test('there are enough of them', () => {
  expect(small.length).toBeGreaterThan(8);
});

test('skipping steps changes nothing where more is learned than is compared', () => {
  const { spec } = library.find(({ name }) => name === 'total-order-broadcast')!;
  const system = bind(spec, { mutant: 'a process goes back to an earlier view' });
  const [some, all] = [true, false].map((reduction) => checked(system, { reduction }));
  expect(some!.skipped).toBeGreaterThan(0);
  expect(found(some!)).toEqual(found(all!));
});

describe.each(small)('$name', ({ spec }) => {
  test('is the same in its small model', ({ skip }) => {
    expectSame(spec, { model: 'small' }, skip);
  });

  const mutants = Object.keys(spec.definition.mutants ?? {});
  test.for(mutants)('is the same when %s', (mutant, { skip }) => {
    expectSame(spec, { mutant }, skip);
  });
});
