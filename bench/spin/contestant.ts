/** SPIN on the same graph: translates a model to C, compiles it, and reads what the verifier prints. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Contestant, Measurement } from '../frame/contest.ts';
import { isInstalled, output } from '../frame/contestants.ts';

/** The verifier keeps every state exactly, looks for deadlocks, and takes every step: no partial-order reduction. */
const compilerFlags = ['-O2', '-DSAFETY', '-DNOREDUCE'];
/** A longest path of so many steps; with fewer than the model has, the verifier says so, and the run counts as failed. */
const verifierFlags = ['-m10000'];

/** A model for SPIN, and what of it is verified. */
export interface SpinModel {
  /** A file beside this one. */
  readonly file: string;
  /** What the preprocessor of the model is told: `N=7`. */
  readonly definitions: readonly string[];
}

/** SPIN's exhaustive verifier for a model. */
export function spinContestant(name: string, model: SpinModel): Contestant {
  return {
    name,
    absent: () => {
      const missing = ['spin', 'gcc'].filter((program) => !isInstalled(program));
      return missing.length === 0 ? undefined : `${missing.join(' and ')} not installed`;
    },
    run: async () => parse(await verify(model)),
  };
}

/**
 * Verifies a model.
 *
 * @param edit - what is verified in the place of the model's text
 * @returns what the verifier prints, and after it what `times` of the shell does
 */
export async function verify({ file, definitions }: SpinModel, edit = (text: string) => text): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bivalent-spin-'));
  try {
    writeFileSync(join(folder, file), edit(readFileSync(new URL(file, import.meta.url), 'utf8')));
    await output('spin', [...definitions.map((definition) => `-D${definition}`), '-a', file], folder);
    await output('gcc', [...compilerFlags, '-o', 'pan', 'pan.c'], folder);
    return await output('sh', ['-c', `./pan -n ${verifierFlags.join(' ')}; times`], folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse(text: string): Measurement {
  const figure = (pattern: RegExp): number => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`SPIN printed no ${pattern.source}:\n${text}`);
    return Number(found);
  };
  if (figure(/errors: (\d+)/) !== 0 || /search depth too small/.test(text))
    throw new Error(`SPIN did not finish:\n${text}`);
  const distinct = figure(/([\d.e+]+) states, stored/);
  return {
    // The verifier prints no time where it took less than a hundredth of a second.
    seconds: Math.max(0.01, figure(/elapsed time ([\d.e+-]+) seconds/)),
    cpuSeconds: cpuSecondsOf(text),
    distinct,
    generated: figure(/([\d.e+]+) transitions/),
    bytesPerState: (figure(/([\d.]+)\s+total actual memory usage/) * 2 ** 20) / distinct,
  };
}

/** The time of the children of the shell, its last line: `0m7.35s 0m0.26s` in user code and in the system. */
function cpuSecondsOf(text: string): number {
  const times = [
    ...text
      .trimEnd()
      .split('\n')
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  if (times.length !== 2) throw new Error(`the shell printed no times:\n${text}`);
  return times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}
