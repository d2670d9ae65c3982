/** `--stats`: where a run stood, second by second, in a file that spreadsheets and scripts read. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';

import { BivalentError } from '../core/index.ts';
import type { Progress } from '../explore/index.ts';
import { requireFolderOf } from './output.ts';
import { standing } from './user-module.ts';

const columns = [
  'seconds',
  'distinctStates',
  'generatedStates',
  'level',
  'frontier',
  'statesPerSecond',
  'memoryBytes',
] as const;

type Line = Readonly<Record<(typeof columns)[number], number>>;

const forms: Readonly<Record<string, { readonly header: string; readonly text: (line: Line) => string }>> = {
  '.csv': { header: `${columns.join(',')}\n`, text: (line) => `${columns.map((name) => line[name]).join(',')}\n` },
  '.ndjson': { header: '', text: (line) => `${JSON.stringify(line)}\n` },
};

/** A file to which a line is appended each second of a run, and one at its end. */
export class Statistics {
  readonly #path: string;
  readonly #text: (line: Line) => string;
  #due = 0;
  #before = { seconds: 0, distinctStates: 0 };

  /**
   * Makes the file, or empties it.
   *
   * @param file - ends in `.csv` or `.ndjson`
   * @throws BivalentError where it ends otherwise, or cannot be written
   */
  constructor(file: string) {
    const form = forms[extname(file)];
    if (form === undefined) {
      throw new BivalentError('usage/arguments', '--stats writes tables: name a file that ends in .csv or .ndjson');
    }
    requireFolderOf(file);
    this.#path = resolve(standing(), file);
    this.#text = form.text;
    this.#write(() => writeFileSync(this.#path, form.header));
  }

  /** Appends a line where a second has passed since the last. */
  note(progress: Progress): void {
    if (progress.seconds < this.#due) return;
    this.#due = Math.floor(progress.seconds) + 1;
    this.end(progress);
  }

  /** Appends the last line. */
  end({ seconds, distinctStates, generatedStates, level, frontier, memoryBytes }: Progress): void {
    const before = this.#before;
    const rate = (distinctStates - before.distinctStates) / Math.max(seconds - before.seconds, 0.001);
    this.#before = { seconds, distinctStates };
    const statesPerSecond = Math.max(0, Math.round(rate));
    const counts = { distinctStates, generatedStates, level, frontier, statesPerSecond, memoryBytes };
    this.#write(() => appendFileSync(this.#path, this.#text({ seconds: Number(seconds.toFixed(3)), ...counts })));
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw new BivalentError('file/unwritable', `cannot write ${this.#path}: ${(error as Error).message}`);
    }
  }
}
