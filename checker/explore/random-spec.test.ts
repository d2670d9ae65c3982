import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bind } from '../spec/index.ts';
import { simpleExplorer } from './engines.test-support.ts';
import { randomSpec } from './random-spec.test-support.ts';

const specs = fc.sample(randomSpec(), { numRuns: 300, seed: 1 });

describe('random specs', () => {
  test('have every part that a spec may have', () => {
    const parts = ['afterEach(', 'invariants:', 'transitionInvariants:', 'constraint:', 'actionConstraint:'];
    for (const part of [...parts, 'terminated:', 'deadlock:', 'pick(', 'forAll(', 'when(', 'else {', 'return;']) {
      const having = specs.filter(({ source }) => source.includes(part));
      expect(having.length, part).toBeGreaterThan(5);
    }
  });

  test('come with every verdict, with counterexamples of some length, and with graphs of some size', () => {
    const results = specs.map(({ spec }) => simpleExplorer.check(bind(spec), { limits: { maxStates: 300 } }));
    const kinds = new Set(results.map(({ result, violation }) => violation?.kind ?? result));
    expect([...kinds].sort()).toEqual(['deadlock', 'incomplete', 'invariant', 'ok', 'transition']);
    const longest = Math.max(...results.map(({ violation }) => violation?.trace.length ?? 0));
    expect(longest).toBeGreaterThan(4);
    const large = results.filter(({ distinctStates }) => distinctStates > 20);
    expect(large.length).toBeGreaterThan(25);
  });

  test('are printed as their source', () => {
    expect(fc.stringify(fc.sample(randomSpec(), { numRuns: 1, seed: 2 })[0])).toMatch(
      /^\ndefineSpec\(\{\n {2}name: 'Random',/,
    );
  });
});
