/**
 * `bivalent/record`: a tiny logger for programs under test.
 *
 * It writes NDJSON with Lamport and vector clocks, one event a line, which `bivalent clocks` and `bivalent validate`
 * read. It depends on nothing else of the package, so that a program under test loads nothing else.
 *
 * A line reaches the operating system in one appending write before the call returns, so that what was recorded
 * survives `kill -9` (though not the loss of power). Should the kill fall into that write, the last line may be cut
 * short; opening the recorder again removes such a rest, and goes on with the clocks of the last whole line. A file has
 * one writer.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** What travels with a message so that its receiver can record the receipt; plain JSON. */
export interface Stamp {
  /** The identity of the message: unique in the run, as no node is recorded twice at the same count. */
  readonly id: string;
  readonly lamport: number;
  readonly clock: Readonly<Record<string, number>>;
}

/** What may be recorded of an event: JSON, and `bigint`, which is written as the integer it is. */
export type Fields = Readonly<Record<string, unknown>>;

/** Where and for whom to record. */
export interface RecorderOptions {
  /** The file to append to; made where it is absent. */
  readonly file: string;
  /** The name of the node, the same after a restart. */
  readonly node: string;
}

const reserved = new Set(['event', 'node', 'time', 'lamport', 'clock', 'send', 'receive']);

/** Records the events of one node. */
export class Recorder {
  readonly node: string;
  readonly #fd: number;
  #lamport = 0;
  readonly #clock = new Map<string, number>();

  /** Opens the file, and goes on from its last line where it has one. */
  constructor({ file, node }: RecorderOptions) {
    this.node = node;
    this.#fd = openSync(file, 'a+');
    const last = repairTail(this.#fd);
    if (last !== undefined) this.#restore(last, file);
  }

  /** Records something that happened at this node. */
  event(name: string, fields: Fields = {}): void {
    this.#write(name, {}, fields);
  }

  /**
   * Records the sending of a message; call it before the message leaves.
   *
   * @returns what to put into the message for `receive`
   */
  send(name: string, fields: Fields = {}): Stamp {
    const id = `${this.node}#${(this.#clock.get(this.node) ?? 0) + 1}`;
    this.#write(name, { send: id }, fields);
    return { id, lamport: this.#lamport, clock: Object.fromEntries(this.#clock) };
  }

  /** Records the receipt of a message, with the stamp that came with it; call it before acting on the message. */
  receive(name: string, stamp: Stamp, fields: Fields = {}): void {
    this.#lamport = Math.max(this.#lamport, stamp.lamport);
    for (const [node, count] of Object.entries(stamp.clock)) {
      this.#clock.set(node, Math.max(count, this.#clock.get(node) ?? 0));
    }
    this.#write(name, { receive: stamp.id }, fields);
  }

  /** Closes the file; nothing can be recorded afterwards. */
  close(): void {
    closeSync(this.#fd);
  }

  #write(name: string, link: { send?: string; receive?: string }, fields: Fields): void {
    for (const key of Object.keys(fields)) {
      if (reserved.has(key)) throw new TypeError(`A field cannot be called \`${key}\`: the recorder writes it itself.`);
    }
    this.#lamport += 1;
    this.#clock.set(this.node, (this.#clock.get(this.node) ?? 0) + 1);
    const line = {
      event: name,
      node: this.node,
      time: new Date().toISOString(),
      lamport: this.#lamport,
      clock: Object.fromEntries(this.#clock),
      ...link,
      ...fields,
    };
    writeWhole(this.#fd, `${toJson(line)}\n`);
  }

  #restore(line: string, file: string): void {
    const { node, lamport, clock } = JSON.parse(line) as {
      node: string;
      lamport: number;
      clock: Record<string, number>;
    };
    if (node !== this.node) throw new TypeError(`${file} holds the events of \`${node}\`, not of \`${this.node}\`.`);
    this.#lamport = lamport;
    for (const [name, count] of Object.entries(clock)) this.#clock.set(name, count);
  }
}

/** Integers that a `number` cannot hold travel through `JSON.stringify` as strings with a mark, which is then removed. */
function toJson(value: unknown): string {
  const mark = '\u0000integer ';
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${mark}${part}` : part));
  return text.replaceAll(/"\\u0000integer (-?\d+)"/g, '$1');
}

/** A write to a file is whole as a rule; a full disk may cut it short, and the rest then must not be lost in silence. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
}

const newline = 0x0a;
const blockBytes = 64 * 1024;

/**
 * Removes what follows the last line break of a file.
 *
 * @returns the last line, or `undefined` where there is none
 */
function repairTail(fd: number): string | undefined {
  const { size } = fstatSync(fd);
  let tail = Buffer.alloc(0);
  let from = size;
  // Backwards, until the line before the last line break is there whole.
  for (;;) {
    const end = tail.lastIndexOf(newline);
    const start = end > 0 ? tail.lastIndexOf(newline, end - 1) : -1;
    if (start >= 0 || from === 0) {
      const kept = from + end + 1;
      if (kept < size) ftruncateSync(fd, kept);
      return end < 0 ? undefined : tail.toString('utf8', start + 1, end);
    }
    const length = Math.min(blockBytes, from);
    const block = Buffer.alloc(length);
    readSync(fd, block, 0, length, from - length);
    tail = Buffer.concat([block, tail]);
    from -= length;
  }
}
