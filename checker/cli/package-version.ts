/** The version of this package. */
import { readFileSync } from 'node:fs';

/** What its `package.json` says. */
export function packageVersion(): string {
  // From checker/cli in the source, and from dist/checker/cli when installed.
  const up = import.meta.url.endsWith('.ts') ? '../../' : '../../../';
  const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
