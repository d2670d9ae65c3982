/**
 * What every spec of the library owes its reader: models that give what they expect, mutants that are caught as
 * recorded, every action taken, and a README that says the same.
 *
 * Models of many states and the mutants that need them run with `BIVALENT_ALL_MODELS=1` (some minutes).
 * `BIVALENT_WRITE_READMES=1 npx vitest run specs/library.test.ts -t README` writes the tables of the READMEs anew, also
 * that of all specs in the README of the project.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { checkSpec } from 'bivalent/testing';
import { unexpected } from 'bivalent/report';
import { describe, expect, test, vi } from 'vitest';

import { loadLibrary, projectReadmePath, readmePath } from './library.test-support.ts';
import { librarySection, modelsTable, mutantsTable } from './readme-tables.test-support.ts';
import { propertyNames, section, withSection } from './readme-tables.test-support.ts';

const library = await loadLibrary();
const runsAll = process.env['BIVALENT_ALL_MODELS'] === '1';
if (runsAll) vi.setConfig({ testTimeout: 600_000 });
const writesReadmes = process.env['BIVALENT_WRITE_READMES'] === '1';

/** Models that generate more states than this are not checked by default. */
const mostGenerated = 200_000;
/** Of those that generate more than this only a sample is audited. */
const mostAudited = 25_000;
/** States of a small model. */
const smallModelsBelow = 10_000;
const longMutants = new Set([
  'a server forgets its vote when it restarts',
  'a leader changes three servers before it has committed anything',
  'a new sequencer takes the longest log',
  'a server that starts again votes at once',
  'a command that was asked twice takes effect twice',
  'several servers are exchanged at once',
  'a server votes although it has just heard from a leader',
]);

describe.each(library)('$name', ({ name, spec, readme }) => {
  const { models = {}, mutants = {} } = spec.definition;
  const isShort = (model: string): boolean => (models[model]?.expected.generated ?? 0) <= mostGenerated;
  const taken = new Set<string>();
  /** A model has those actions that its faults allow. */
  const actions = new Set<string>();

  describe.each(Object.keys(models))('the model %s', (model) => {
    test.skipIf(!runsAll && !isShort(model))('gives what it expects', () => {
      // In a model of few steps, all that was learned is compared with the spec.
      const audit = (models[model]!.expected.generated ?? 0) <= mostAudited ? 'all' : 'sample';
      const result = checkSpec(spec, { model, audit });
      for (const [action, coverage] of Object.entries(result.actions)) {
        actions.add(action);
        if (coverage.taken > 0) taken.add(action);
      }
      expect(unexpected(result, models[model]!.expected)).toEqual([]);
    });
  });

  test('has a small model', () => {
    const { result, distinct = 0 } = models['small']!.expected;
    expect(result === 'violation' || (distinct > 0 && distinct < smallModelsBelow)).toBe(true);
  });

  test('takes every action in some model that is checked', () => {
    expect([...actions].filter((action) => !taken.has(action))).toEqual([]);
  });

  test('has a mutant', () => {
    expect(Object.keys(mutants)).not.toEqual([]);
  });

  test('says what happens in the end, with a mistake that only this catches; or why it does not', () => {
    const { invariants, transitionInvariants, temporal, refinements } = spec.definition;
    if (temporal === undefined && refinements === undefined) {
      expect(readme).toMatch(/no\s+temporal\s+property/);
      return;
    }
    const ofStates = new Set([...Object.keys({ ...invariants, ...transitionInvariants }), 'deadlock']);
    expect(Object.values(mutants).some(({ breaks }) => !ofStates.has(breaks))).toBe(true);
  });

  test.each(Object.entries(mutants).filter(([mutant]) => runsAll || !longMutants.has(mutant)))(
    'is not itself when %s',
    (mutant, { breaks, steps }) => {
      const expected = { result: 'violation', breaks, steps } as const;
      expect(unexpected(checkSpec(spec, { mutant }), expected)).toEqual([]);
    },
  );

  test('has a README that says how to check it, and what its properties, models and mutants are', () => {
    const models = modelsTable(spec);
    const mutants = mutantsTable(spec);
    if (writesReadmes) {
      writeFileSync(
        readmePath(name),
        withSection(withSection(readme, 'Models', models), 'Mistakes it catches', mutants),
      );
      return;
    }
    const listed = section(readme, 'Properties')
      .split('\n')
      .flatMap((line) => /^- `(\w+)`/.exec(line)?.slice(1) ?? []);
    expect(listed).toEqual(propertyNames(spec));
    expect(section(readme, 'Models')).toBe(models);
    expect(section(readme, 'Mistakes it catches')).toBe(mutants);
    expect(section(readme, 'Try it')).toBe(`\`\`\`\nnpm run -s bivalent -- check ${name}\n\`\`\``);
  });
});

test('the README of the project lists every spec', () => {
  const readme = readFileSync(projectReadmePath, 'utf8');
  const specs = librarySection(library);
  if (writesReadmes) writeFileSync(projectReadmePath, withSection(readme, 'The library', specs));
  else expect(section(readme, 'The library')).toBe(specs);
});
