/**
 * What a page of HTML is made of: the program that shows a report, with the spec in it, bundled into one ES module.
 *
 * esbuild bundles at the time of writing, since only then is it known which spec goes in. Program and spec share one copy
 * of the library, as they do on the command line. Of a spec that cannot be bundled for a browser the page says why.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { BuildFailure, Plugin } from 'esbuild';

import type { PageParts, SpecChoice, WhatIf } from '../report/index.ts';

/** The spec that goes into a page. */
export interface SpecOfPage {
  /** The path of its file. */
  readonly file: string;
  readonly choice: SpecChoice;
}

/** Whether this runs from its source, or from what was compiled. */
const isSource = import.meta.url.endsWith('.ts');
const extension = isSource ? 'ts' : 'js';
/** The style sheet is not compiled: it is where it is in the source. */
const style = new URL(`../${isSource ? '' : '../../checker/'}report/html/page/page.css`, import.meta.url);

/**
 * Puts the parts of a page together.
 *
 * @param spec - the spec, or the end of a sentence that says why there is none
 */
export async function pageParts(spec: SpecOfPage | string): Promise<PageParts> {
  const styleText = await readFile(style, 'utf8');
  if (typeof spec !== 'string') {
    const program = await bundled(spec.file);
    if ('text' in program) return { program: program.text, style: styleText, whatIf: { choice: spec.choice } };
    spec = `its spec cannot be run in a browser: ${program.problem}`;
  }
  const program = await bundled();
  if ('problem' in program) throw new Error(`the program of the page cannot be bundled: ${program.problem}`);
  return { program: program.text, style: styleText, whatIf: { absent: spec } satisfies WhatIf };
}

type Bundle = { readonly text: string } | { readonly problem: string };

/** The program of the page, with a spec that it loads when it has shown the report. */
async function bundled(spec?: string): Promise<Bundle> {
  const { build } = await import('esbuild');
  const main = fileURLToPath(new URL(`../report/html/page/main.${isSource ? 'tsx' : 'js'}`, import.meta.url));
  const load = spec === undefined ? '' : `() => import(${JSON.stringify(spec)})`;
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { openPage } from ${JSON.stringify(main)};\nopenPage(${load});\n`,
        resolveDir: dirname(main),
      },
      write: false,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      // Only the library asks for its own address, to tell its files from those of the user.
      define: { 'import.meta.url': '"file:///bivalent/"' },
      logLevel: 'silent',
      plugins: [thisCopy],
    });
    return { text: outputFiles[0]!.text };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    return { problem: first.text };
  }
}

/** Resolves `bivalent` to the copy of the library that is running, for the spec to share it with the page. */
const thisCopy: Plugin = {
  name: 'bivalent',
  setup(bundler) {
    const door = fileURLToPath(new URL(`../index.${extension}`, import.meta.url));
    bundler.onResolve({ filter: /^bivalent$/ }, () => ({ path: door }));
    bundler.onResolve({ filter: /^bivalent\// }, ({ path }) => ({ errors: [{ text: `it imports ${path}` }] }));
  },
};
