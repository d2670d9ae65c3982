/** `--stats`: where a run stood, second by second, in a file that spreadsheets and scripts read. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
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
  'diskBytes',
] as const;

type Line = Readonly<Record<(typeof columns)[number], number>>;

/** A kind of file: what it begins with, and its lines. */
interface Form {
  readonly header: string;
  readonly text: (line: Line) => string;
  /** Reads a line back. */
  readonly parse: (text: string) => Line;
}

const forms: Readonly<Record<string, Form>> = {
  '.csv': {
    header: `${columns.join(',')}\n`,
    text: (line) => columns.map((name) => line[name]).join(','),
    parse: (text) => {
      const cells = text.split(',').map(Number);
      return Object.fromEntries(columns.map((name, i) => [name, cells[i]])) as Line;
    },
  },
  '.ndjson': {
    header: '',
    text: (line) => JSON.stringify(line),
    parse: (text) => JSON.parse(text) as Line,
  },
};

function formOf(file: string): Form {
  const form = forms[extname(file)];
  if (form === undefined) {
    throw new BivalentError('usage/arguments', '--stats writes tables: name a file that ends in .csv or .ndjson');
  }
  requireFolderOf(file);
  return form;
}

/**
 * Refuses, before any work is done, a file that could not hold statistics.
 *
 * @throws BivalentError where it does not end in `.csv` or `.ndjson`, or its folder does not exist
 */
export function requireStatistics(file: string | undefined): void {
  if (file !== undefined) formOf(file);
}

/** A file to which a line is appended each second of a run, and one at its end. */
export class Statistics {
  /** Why lines are missing at the end, in a sentence for the result; undefined where none are. */
  failure: string | undefined;
  readonly #path: string;
  readonly #form: Form;
  /** The lines of the run before this one, until it is known which of them are of what is done again. */
  #earlier: readonly Line[] = [];
  #due = 0;
  #before = { seconds: 0, distinctStates: 0 };

  /**
   * Makes the file, or empties it.
   *
   * @param file - ends in `.csv` or `.ndjson`
   * @param goesOn - the run goes on with another one: where the file is there, it is that of the other, and goes on, too
   * @throws BivalentError where the file cannot be written, or has to go on and holds something else
   */
  constructor(file: string, goesOn = false) {
    this.#form = formOf(file);
    this.#path = resolve(standing(), file);
    if (goesOn && existsSync(this.#path)) this.#earlier = linesOf(this.#path, this.#form);
    else this.#write(() => writeFileSync(this.#path, this.#form.header));
    if (this.failure !== undefined) throw new BivalentError('file/unwritable', this.failure);
  }

  /** Appends a line where a second has passed since the last. */
  note(progress: Progress): void {
    if (progress.seconds < this.#due) return;
    this.#due = Math.floor(progress.seconds) + 1;
    this.end(progress);
  }

  /** Appends the last line. */
  end({ seconds, distinctStates, generatedStates, level, frontier, memoryBytes, diskBytes = 0 }: Progress): void {
    if (this.failure !== undefined) return;
    if (this.#earlier.length > 0) this.#goOn(seconds);
    const before = this.#before;
    const rate = (distinctStates - before.distinctStates) / Math.max(seconds - before.seconds, 0.001);
    this.#before = { seconds, distinctStates };
    const statesPerSecond = Math.max(0, Math.round(rate));
    const counts = { distinctStates, generatedStates, level, frontier, statesPerSecond, memoryBytes, diskBytes };
    const line = { seconds: Number(seconds.toFixed(3)), ...counts };
    this.#write(() => appendFileSync(this.#path, `${this.#form.text(line)}\n`));
  }

  /** Writes again the lines of the run before this one, but for those of what was not kept: it is done again now. */
  #goOn(seconds: number): void {
    const kept = this.#earlier.filter((line) => line.seconds < seconds);
    const { header, text } = this.#form;
    this.#write(() => writeFileSync(this.#path, header + kept.map((line) => `${text(line)}\n`).join('')));
    this.#before = kept.at(-1) ?? this.#before;
    this.#earlier = [];
  }

  /** A disk that is full ends the file, not the run. */
  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.failure = `cannot write ${this.#path}: ${(error as Error).message}`;
    }
  }
}

/** The lines of a file of statistics; the last one may have been written in part only. */
function linesOf(path: string, { header, parse }: Form): readonly Line[] {
  try {
    const text = readFileSync(path, 'utf8');
    const lines = text.slice(header.length).split('\n').slice(0, -1).map(parse);
    const isWhole = (line: Line): boolean => columns.every((name) => Number.isFinite(line[name]));
    if (text.startsWith(header) && lines.every(isWhole)) return lines;
  } catch {
    // Not JSON, or not a file.
  }
  throw new BivalentError('file/unwritable', `${path} holds no statistics that could go on: name another file`);
}
