/** Explanations and replays of what is found in random specs. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { randomSpec } from '../explore/random-spec.test-support.ts';
import { check } from '../property/index.ts';
import { bind, successors } from '../spec/index.ts';
import { explain } from './explanation.ts';
import { checkDocument } from './json.ts';
import { replay } from './replay.ts';
import { savedCounterexample } from './saved.ts';

test('every violation is explained, and replays as it was found', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(randomSpec(), ({ spec }) => {
      const system = bind(spec);
      const result = check(system, { limits: { maxStates: 1000 }, audit: 'none' });
      const { violation } = result;
      if (violation === undefined) return;
      const { kind, trace } = violation;
      const { lastStep, blocked, alternatives } = explain(system, violation, { alternatives: true });
      expect(lastStep?.step ?? 0).toBe(trace.length - 1);
      expect(blocked?.length).toBe(kind === 'deadlock' ? system.actions.length : undefined);
      const counts = alternatives!.map((actions) => Object.values(actions).reduce((sum, count) => sum + count, 0));
      expect(counts).toEqual(trace.slice(0, -1).map(({ state }) => successors(system, state).length - 1));
      const saved: unknown = JSON.parse(JSON.stringify(checkDocument(result)));
      expect(replay(system, savedCounterexample(saved))).toEqual({ result: 'violated', trace, differences: [] });
    }),
    { numRuns: 200 },
  );
});
