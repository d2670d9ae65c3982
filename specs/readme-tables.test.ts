/** Tables are put where they belong, and nothing else of a README changes. */
import { expect, test } from 'vitest';

import { section, withSection } from './readme-tables.test-support.ts';

test('sections that are empty are filled one after the other', () => {
  const empty = '# A spec\n\n## Models\n\n## Mistakes it catches\n';
  const filled = withSection(withSection(empty, 'Models', '| one |'), 'Mistakes it catches', '| two |');
  expect(filled).toBe('# A spec\n\n## Models\n\n| one |\n\n## Mistakes it catches\n\n| two |\n');
  expect([section(filled, 'Models'), section(filled, 'Mistakes it catches')]).toEqual(['| one |', '| two |']);
});

test('a section is replaced up to the next heading, whatever is in it', () => {
  const readme =
    '# A spec\n\n## Models\n\n<<<<<<< ours\n| one |\n>>>>>>> theirs\n\n## Notes\n\nKept: $& ## no heading\n';
  expect(withSection(readme, 'Models', '| two |')).toBe(
    '# A spec\n\n## Models\n\n| two |\n\n## Notes\n\nKept: $& ## no heading\n',
  );
});

test('a heading that is not there is an error', () => {
  expect(() => section('# A spec\n', 'Models')).toThrow('this README has no heading Models: # A spec\n');
});
