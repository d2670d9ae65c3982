/** Finds the spec that the user named: a file of their own, or a spec of the library. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BivalentError } from '../core/index.ts';
import { isSpec, type Spec } from '../spec/index.ts';
import { findInLibrary } from './library.ts';
import { loadUserModule, shown, standing } from './user-module.ts';

/**
 * Loads a spec.
 *
 * @param nameOrPath - a path to a `.ts`, `.js` or `.mjs` file, relative to where the user stands, or a name in the library
 * @throws BivalentError with a `file/…` or `spec/…` code, and a message that says what would be right
 */
export async function loadSpec(nameOrPath: string): Promise<Spec> {
  if (!isPath(nameOrPath)) return loadLibrarySpec(nameOrPath);
  const path = resolve(standing(), nameOrPath);
  const module = await loadUserModule(path);
  if (!('default' in module)) {
    const message = `${shown(path)} has no default export: a spec file ends in \`export default defineSpec({ … })\``;
    throw new BivalentError('spec/no-default-export', message, { file: path });
  }
  const spec = module['default'];
  if (!isSpec(spec)) {
    const message = `the default export of ${shown(path)} is not a spec: make it one with \`defineSpec({ … })\``;
    throw new BivalentError('spec/not-a-spec', message, { file: path });
  }
  return spec;
}

/** The file in which a spec is, given as for {@link loadSpec}. */
export function specFile(nameOrPath: string): string {
  return isPath(nameOrPath) ? resolve(standing(), nameOrPath) : fileURLToPath(findInLibrary(nameOrPath).url);
}

/** Loads a spec of the library by its name, or by a name that stands for it. */
export async function loadLibrarySpec(name: string): Promise<Spec> {
  const { url } = findInLibrary(name);
  const module = (await import(url.href)) as { default: Spec };
  return module.default;
}

/** Names of the library have neither folders nor extensions. */
function isPath(nameOrPath: string): boolean {
  return /^\.|[\\/]|\.[cm]?[jt]s$/.test(nameOrPath);
}
