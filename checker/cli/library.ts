/**
 * The library: the specs that come with the package, one folder each, `specs/<name>/<name>.ts`.
 *
 * It is read from the folders, so that a new spec is listed, checked and found by name as soon as it is there.
 */
import { readdirSync } from 'node:fs';

import { BivalentError, nearest } from '../core/index.ts';

const folder = new URL('../../specs/', import.meta.url);
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Names that stand for another, as long as no spec bears them itself. */
const aliases: Readonly<Record<string, string>> = { '2pc': 'two-phase-commit' };

/** The names of the specs of the library, in alphabetical order. */
export function libraryNames(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The other names by which a spec of the library can be called. */
export function aliasesOf(name: string): readonly string[] {
  return Object.keys(aliases).filter((alias) => resolveAlias(alias) === name && alias !== name);
}

/**
 * Finds a spec of the library.
 *
 * @throws BivalentError `spec/unknown` with the nearest name, where there is none
 */
export function findInLibrary(name: string): { readonly name: string; readonly url: URL } {
  const names = libraryNames();
  const found = resolveAlias(name);
  if (!names.includes(found)) {
    const close = nearest(name, [...names, ...Object.keys(aliases)]);
    const advice = close === undefined ? '' : `; did you mean ${close}?`;
    throw new BivalentError('spec/unknown', `the library has no spec ${name}${advice}; it has ${names.join(', ')}`);
  }
  return { name: found, url: new URL(`${found}/${found}.${extension}`, folder) };
}

function resolveAlias(name: string): string {
  const stands = Object.hasOwn(aliases, name) && !libraryNames().includes(name);
  return stands ? aliases[name]! : name;
}
