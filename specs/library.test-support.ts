/** The specs of the library, loaded from their folders as the command line finds them. */
import { readdirSync, readFileSync } from 'node:fs';

import type { Spec } from 'bivalent';

export interface LibrarySpec {
  /** The name of its folder, by which the command line knows it. */
  readonly name: string;
  readonly spec: Spec;
  readonly readme: string;
}

const here = new URL('.', import.meta.url);

/** Every spec of the library, in alphabetical order. */
export async function loadLibrary(): Promise<readonly LibrarySpec[]> {
  const names = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const module = (await import(new URL(`${name}/${name}.ts`, here).href)) as { readonly default: Spec };
      return { name, spec: module.default, readme: readmeOf(name) };
    }),
  );
}

/** Where the README of a spec is. */
export function readmePath(name: string): URL {
  return new URL(`${name}/README.md`, here);
}

/** Where the README of the project is, which lists all specs. */
export const projectReadmePath = new URL('../README.md', here);

function readmeOf(name: string): string {
  try {
    return readFileSync(readmePath(name), 'utf8');
  } catch {
    return '';
  }
}
