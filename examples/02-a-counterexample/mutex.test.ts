import { checkSpec, matchers } from 'bivalent/testing';
import { expect, test } from 'vitest';

import repaired from './repaired.ts';
import wrong from './wrong.ts';

expect.extend(matchers);

test('looking before going in is not enough', () => {
  expect(checkSpec(wrong)).toViolate('mutualExclusion', { steps: 4 });
});

test('the repaired mutex lets one process in at a time', () => {
  expect(checkSpec(repaired)).toHold();
});

test('letting the other go first is what makes it right', () => {
  expect(checkSpec(repaired, { mutant: 'goes first itself' })).toViolate('mutualExclusion', { steps: 6 });
});
