/**
 * Tapes as files: the states of a search that has outgrown memory, in a folder that is removed at the end.
 *
 * A tape is written only at its end and in large pieces, and mostly read from its beginning to its end; so the system's
 * own cache of files does what a cache could do here.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';

import { BivalentError } from '../core/index.ts';
import type { Tape, Tapes } from '../explore/index.ts';
import { reasonOf, saysFull, type Folder } from './reasons.ts';

/** Words that are read or written by one call of the system, at most. */
const mostWords = 1 << 24;

/** Signals that end a process which does not listen to them; Ctrl-C is the command's. */
const endingSignals = ['SIGTERM', 'SIGHUP'] as const;

/** Tapes in a folder of their own. */
export interface FileTapes extends Tapes {
  /** Removes the folder, and everything in it. Without it, that is done when the process exits. */
  close(): void;
}

/**
 * Makes a new folder inside one that exists.
 *
 * @throws BivalentError `disk/folder` where that cannot be
 */
export function createTapes(folder: Folder): FileTapes {
  try {
    return new TapeFolder(folder, fs.mkdtempSync(join(folder.path, 'bivalent-states-')));
  } catch (error) {
    const reason = reasonOf(error, { ENOENT: 'there is no such folder', ENOTDIR: 'it is not a folder' });
    if (reason === undefined) throw error;
    throw new BivalentError('disk/folder', `cannot keep states in ${folder.name}: ${reason}`);
  }
}

class TapeFolder implements FileTapes {
  bytes = 0;
  peakBytes = 0;
  readonly #folder: Folder;
  readonly #path: string;
  readonly #tapes = new Set<FileTape>();
  readonly #atExit = (): void => this.close();
  readonly #atSignal = (signal: NodeJS.Signals): void => {
    this.close();
    process.kill(process.pid, signal);
  };
  #made = 0;

  constructor(folder: Folder, path: string) {
    this.#folder = folder;
    this.#path = path;
    process.on('exit', this.#atExit);
    for (const signal of endingSignals) process.on(signal, this.#atSignal);
  }

  create(): Tape {
    return this.doing(() => {
      const tape = new FileTape(this, join(this.#path, `${this.#made++}`));
      this.#tapes.add(tape);
      return tape;
    });
  }

  clear(): void {
    for (const tape of this.#tapes) tape.remove();
  }

  close(): void {
    process.off('exit', this.#atExit);
    for (const signal of endingSignals) process.off(signal, this.#atSignal);
    this.clear();
    fs.rmSync(this.#path, { recursive: true, force: true });
  }

  /** A tape is not used any more. */
  forget(tape: FileTape): void {
    this.#tapes.delete(tape);
    this.count(-tape.length);
  }

  /** Counts words that were written, or given back. */
  count(words: number): void {
    this.bytes += 4 * words;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  /** Does something with a file, and says in a user's words what keeps it from that. */
  doing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const reason = reasonOf(error, {});
      if (reason === undefined) throw error;
      const code = saysFull(error) ? 'disk/full' : 'disk/failed';
      throw new BivalentError(code, `cannot keep more states in ${this.#folder.name}: ${reason}`);
    }
  }
}

class FileTape implements Tape {
  length = 0;
  readonly #folder: TapeFolder;
  readonly #path: string;
  readonly #file: number;

  constructor(folder: TapeFolder, path: string) {
    this.#folder = folder;
    this.#path = path;
    this.#file = fs.openSync(path, 'wx+');
  }

  append(words: Int32Array): void {
    this.#folder.doing(() => {
      for (let at = 0; at < words.length;) {
        const part = words.subarray(at, at + mostWords);
        const written = writeAll(this.#file, part, 4 * this.length);
        at += written;
        this.length += written;
        this.#folder.count(written);
      }
    });
  }

  read(from: number, into: Int32Array): void {
    this.#folder.doing(() => {
      const bytes = bytesOf(into);
      for (let at = 0; at < bytes.length;) {
        const most = Math.min(4 * mostWords, bytes.length - at);
        const read = fs.readSync(this.#file, bytes, at, most, 4 * from + at);
        if (read === 0) throw new BivalentError('disk/failed', `a file with states ends too early: ${this.#path}`);
        at += read;
      }
    });
  }

  cut(length: number): void {
    this.#folder.doing(() => fs.ftruncateSync(this.#file, 4 * length));
    this.#folder.count(length - this.length);
    this.length = length;
  }

  remove(): void {
    this.#folder.forget(this);
    fs.closeSync(this.#file);
    fs.rmSync(this.#path, { force: true });
  }
}

/** Writes words at a place in a file, in as many calls as the system wants; returns how many there are. */
function writeAll(file: number, words: Int32Array, place: number): number {
  const bytes = bytesOf(words);
  for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at, bytes.length - at, place + at);
  return words.length;
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
