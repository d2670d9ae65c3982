import { expect, test } from 'vitest';

import { check } from '../../checker/property/index.ts';
import { bind } from '../../checker/spec/index.ts';
import slidingPuzzle from './sliding-puzzle.ts';

test('half of the boards are reachable, the farthest in 21 moves', () => {
  const { result, distinctStates, generatedStates, depth } = check(bind(slidingPuzzle));
  expect({ result, distinctStates, generatedStates, depth }).toEqual({
    result: 'ok',
    distinctStates: 360,
    generatedStates: 841,
    depth: 22,
  });
});
