/** Folders for tests to write into. What a run of the tests has written is gone when it is over. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

const folders: string[] = [];

// Each file of tests has a copy of this module, so that this is said of the file.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, maxRetries: 3 });
});

/** Makes an empty folder, which is removed when the tests of the file are over; returns its path, without links. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bivalent-test-')));
  folders.push(folder);
  return folder;
}
