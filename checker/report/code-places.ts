/** Places in the code of a spec, found while it runs: which condition asked, which guard held. */
import { framesOf, type StackFrame } from '../core/index.ts';
import { conditionAt } from './condition-text.ts';

/** A piece of the spec's code. */
export interface CodePlace {
  /** The name of the file, without its folder. */
  readonly file: string;
  readonly line: number;
  /** The condition there, on one line, where the file can be read. */
  readonly text?: string;
}

/** How places are looked up. */
export interface PlaceOptions {
  /** Reads a source file; where it gives nothing, the text of conditions is absent. */
  readonly sourceOf?: (file: string) => string | undefined;
}

/** Where user code asked: a guard stands where it is called. */
export function innermostFrame(stack: readonly StackFrame[]): StackFrame | undefined {
  return ofTheRun(stack).find(({ isUserCode }) => isUserCode);
}

/** Where the routine itself asked, perhaps by a function or a callback. */
export function outermostFrame(stack: readonly StackFrame[]): StackFrame | undefined {
  return ofTheRun(stack).findLast(({ isUserCode }) => isUserCode);
}

/** The frames above those that run routines: below may be a program, or a test, that asked for an explanation. */
function ofTheRun(stack: readonly StackFrame[]): readonly StackFrame[] {
  const runner = stack.findIndex(({ file }) => /\/spec\/routine\.[jt]s$/.test(file));
  return runner < 0 ? stack : stack.slice(0, runner);
}

/** Places in user code, noted where they are reached, and looked up when they are asked for. */
export class Places {
  readonly #frameOf: typeof innermostFrame;
  readonly #kept: number;
  readonly #options: PlaceOptions;
  /** Where each note was made; a stack is written out only when it is asked for, which is slow. */
  readonly #notes: Error[] = [];

  /**
   * @param frameOf - the frame of a stack that is the place
   * @param kept - how many notes, the last ones
   */
  constructor(frameOf: typeof innermostFrame, kept: number, options: PlaceOptions) {
    this.#frameOf = frameOf;
    this.#kept = kept;
    this.#options = options;
  }

  readonly note = (): void => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 40;
    if (this.#notes.length === this.#kept) this.#notes.shift();
    this.#notes.push(new Error('here'));
    Error.stackTraceLimit = stackTraceLimit;
  };

  last(): CodePlace | undefined {
    const note = this.#notes.at(-1);
    return note && this.#placeOf(note);
  }

  /** Each once, in the order in which they were first noted. */
  all(): readonly CodePlace[] {
    const places = this.#notes.map((note) => this.#placeOf(note)).filter((place) => place !== undefined);
    const seen = new Set<string>();
    return places.filter(({ file, line, text }) => {
      const key = `${file}:${line}:${text}`;
      return !seen.has(key) && seen.add(key);
    });
  }

  #placeOf(note: Error): CodePlace | undefined {
    const frame = this.#frameOf(framesOf(note));
    if (frame === undefined) return undefined;
    const { file, line, column } = frame;
    const source = this.#options.sourceOf?.(file);
    const text = source === undefined ? undefined : conditionAt(source, line, column);
    return { file: file.slice(file.lastIndexOf('/') + 1), line, ...(text !== undefined && { text }) };
  }
}
