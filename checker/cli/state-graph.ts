/** Pictures of the state graph, as `check --state-graph file` asks for them. */
import { extname } from 'node:path';

import { BivalentError } from '../core/index.ts';
import { exploreStateGraph, type CheckResult, type StateGraph } from '../explore/index.ts';
import { mostStatesInDot, mostStatesInSvg, stateGraphDot, stateGraphSvg } from '../report/index.ts';
import type { System } from '../spec/index.ts';
import { requireFolderOf, writeOutput } from './output.ts';
import { withinLimit } from './run-to-end.ts';

/** What is known of a kind of picture. */
interface Kind {
  readonly mostStates: number;
  readonly draw: typeof stateGraphDot;
}

const kinds: Readonly<Record<string, Kind>> = {
  '.svg': { mostStates: mostStatesInSvg, draw: stateGraphSvg },
  '.dot': { mostStates: mostStatesInDot, draw: stateGraphDot },
};

/** Refuses, before anything is explored, a file of no known kind, or in a folder that does not exist. */
export function requirePicture(file: string): void {
  requireFolderOf(file);
  if (Object.hasOwn(kinds, extname(file))) return;
  throw new BivalentError(
    'usage/arguments',
    `--state-graph draws SVG and DOT: name a file that ends in .svg or .dot, not ${file}`,
  );
}

/**
 * Explores the state graph, where pictures of it are asked for.
 *
 * @throws BivalentError `limit/state-graph` where it is too large for one of them
 */
export function exploreForPictures(
  system: System,
  { stateGraph: files, stepTimeout }: { readonly stateGraph: readonly string[]; readonly stepTimeout: number },
): StateGraph | undefined {
  if (files.length === 0) return undefined;
  const smallest = files.map((file) => extname(file)).sort((a, b) => kinds[a]!.mostStates - kinds[b]!.mostStates)[0]!;
  const exploration = exploreStateGraph(system, kinds[smallest]!.mostStates);
  try {
    for (;;) {
      const { done, value } = withinLimit(stepTimeout, () => exploration.next());
      if (done === true) return value;
    }
  } catch (error) {
    if (error instanceof BivalentError && error.code === 'limit/state-graph') throw tooLarge(error, smallest);
    throw error;
  }
}

/** Writes the pictures, in which the counterexample stands out. */
export async function writePictures(
  graph: StateGraph,
  { violation }: CheckResult,
  files: readonly string[],
): Promise<void> {
  for (const file of files) await writeOutput(file, kinds[extname(file)]!.draw(graph, violation?.trace));
}

function tooLarge({ code, message }: BivalentError, extension: string): BivalentError {
  const dot = extension === '.dot' ? '' : `, or name a .dot file, for up to ${mostStatesInDot.toLocaleString('en-US')}`;
  return new BivalentError(code, `${message}, too many for a picture: choose a smaller model (--model, --const)${dot}`);
}
