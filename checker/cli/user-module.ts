/**
 * Loads a TypeScript or JavaScript module of the user's.
 *
 * The module and what it imports by path or from npm are bundled into one ES module with esbuild, because a user's
 * folder may have no package.json, or one that says CommonJS, and because esbuild says where a syntax error is.
 * `bivalent` itself is not bundled: it resolves to the copy that is running, whatever is installed around the file,
 * so that the file and the command share one library. Errors keep their place through the bundle's source map.
 */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { BuildFailure, Message, Plugin } from 'esbuild';

import { BivalentError, locationOf } from '../core/index.ts';

/**
 * Loads the module at an absolute path.
 *
 * @returns its exports
 * @throws BivalentError `file/missing`, `file/syntax` (with the line), `file/import` or `file/throws`
 */
export async function loadUserModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new BivalentError('file/missing', `there is no file ${shown(path)}`, { file: path });
  if (!found.isFile()) throw new BivalentError('file/missing', `${shown(path)} is not a file`, { file: path });
  const code = await bundle(path);
  process.setSourceMapsEnabled(true);
  const folder = await mkdtemp(join(tmpdir(), 'bivalent-'));
  const mayExit = refuseExit(path);
  try {
    const file = join(folder, 'module.mjs');
    await writeFile(file, code);
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw failedImport(path, error);
  } finally {
    mayExit();
    await rm(folder, { recursive: true });
  }
}

/**
 * A digest of a module and of all that it imports, wherever it lies, this package excepted.
 *
 * @throws BivalentError `file/syntax` or `file/import`
 */
export async function digestOfModule(path: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [path],
    absWorkingDir: dirname(path),
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['bivalent', 'bivalent/*'],
    logLevel: 'silent',
  }).catch((error: BuildFailure) => {
    throw failedBundle(path, error.errors[0]!);
  });
  return createHash('sha256').update(outputFiles[0]!.contents).digest('hex');
}

/** A path, or the address of a file, as messages show it: relative to where the user stands, unless that is longer. */
export function shown(file: string): string {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const short = relative(standing(), path) || '.';
  return short.length < path.length ? short : path;
}

/**
 * The folder that the user's paths are relative to.
 *
 * npm runs a script in the folder of its package.json. In a clone of this repository, where the command itself is such
 * a script, that is not where the user stands: npm says where in `INIT_CWD`.
 */
export function standing(): string {
  const cwd = process.cwd();
  return (cwd === clone ? process.env['INIT_CWD'] : undefined) ?? cwd;
}

/** The root of the repository, where this file runs from its source. */
const clone = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

async function bundle(path: string): Promise<string> {
  const url = pathToFileURL(path).href;
  // Loaded late: specs of the library do not need it, and it takes as long to load as all else.
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [path],
      outfile: `${path}.bundle.mjs`,
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      sourceRoot: `${pathToFileURL(dirname(path)).href}/`,
      define: { 'import.meta.url': JSON.stringify(url) },
      // Packages in CommonJS that are bundled may still ask for Node's own modules.
      banner: {
        js: `import { createRequire as $cr } from 'node:module'; const require = $cr(${JSON.stringify(url)});`,
      },
      logLevel: 'silent',
      plugins: [thisCopy],
    });
    return outputFiles[0]!.text;
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    throw failedBundle(path, first);
  }
}

/** Resolves `bivalent` and its subpaths to the copy of the library that is running. */
const thisCopy: Plugin = {
  name: 'bivalent',
  setup(bundler) {
    bundler.onResolve({ filter: /^bivalent(\/|$)/ }, ({ path, kind }) =>
      kind === 'require-call'
        ? { errors: [{ text: `${path} is an ES module: use import in place of require` }] }
        : { path: import.meta.resolve(path), external: true },
    );
  },
};

function failedBundle(path: string, { text, location }: Message): BivalentError {
  const code = text.startsWith('Could not resolve') ? 'file/import' : 'file/syntax';
  if (location === null) return new BivalentError(code, text, { file: path });
  const { file, line, column } = location;
  return new BivalentError(code, text, { file: join(process.cwd(), file), line, column: column + 1 });
}

/**
 * Keeps a module from ending the process while it is loaded: nothing would have been checked, and its exit code would say
 * otherwise.
 *
 * @returns allows it again
 */
function refuseExit(path: string): () => void {
  const exit = process.exit.bind(process);
  process.exit = () => {
    throw new BivalentError('file/throws', `${shown(path)} calls process.exit() when it is loaded`);
  };
  return () => {
    process.exit = exit;
  };
}

/** What the module itself throws while it is being loaded. */
function failedImport(path: string, error: unknown): BivalentError {
  if (error instanceof BivalentError) return error.withDetails({ file: path, ...locationOf(error) });
  const message = error instanceof Error ? error.message : String(error);
  const [, missing] = /does not provide an export named '(.+)'/.exec(message) ?? [];
  if (missing !== undefined) {
    return new BivalentError(
      'file/import',
      `${shown(path)} imports ${missing}, but bivalent exports nothing of that name`,
      { file: path },
    );
  }
  const details = { file: path, ...locationOf(error) };
  return new BivalentError('file/throws', `${shown(path)} throws ${String(error)} when it is loaded`, details, {
    cause: error,
  });
}
