/** On every spec of the library that declares a symmetric set, symmetry changes no verdict, only how many states are stored. */
import { expect, test } from 'vitest';

import { loadLibrary } from '../../specs/library.test-support.ts';
import { check } from '../property/index.ts';
import { bind, type BindOptions } from '../spec/index.ts';

/** Systems with more states are left out: the others show as much. */
const mostStates = 5000;

const library = await loadLibrary();
const cases = library.flatMap(({ name, spec }) => {
  const isSymmetric = bind(spec).nodeSets.some(({ symmetric }) => symmetric);
  const mutants = Object.keys(spec.definition.mutants ?? {});
  const configurations: readonly BindOptions[] = [{ model: 'small' }, ...mutants.map((mutant) => ({ mutant }))];
  return isSymmetric ? configurations.map((options) => ({ name, spec, options })) : [];
});

test('there are enough of them', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBeGreaterThan(8);
});

test.for(cases)('$name, $options.model$options.mutant, has the same verdict', ({ spec, options }, { skip }) => {
  // Behaviours are not judged under symmetry.
  const system = { ...bind(spec, options), temporal: [], refinements: [] };
  const full = check(system, { limits: { maxStates: mostStates } });
  if (full.result === 'incomplete') skip(full.reason);
  const reduced = check(system, { symmetry: 'exact' });
  const verdict = ({ result, depth, violation }: typeof full) => [
    result,
    depth,
    violation?.kind,
    violation?.trace.length,
  ];
  expect(verdict(reduced)).toEqual(verdict(full));
  expect(reduced.distinctStates).toBeLessThan(full.distinctStates);
});

test('two-phase commit with 7 managers has 920 classes of 296,448 states', () => {
  const { spec } = library.find(({ name }) => name === 'two-phase-commit')!;
  const system = bind(spec, { constants: { RM: 7 } });
  expect(check({ ...system, temporal: [], refinements: [] }, { symmetry: 'exact' }).distinctStates).toBe(920);
});
