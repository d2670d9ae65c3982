/**
 * Splits a stream of bytes into lines of text, however it is cut into chunks.
 *
 * All line formats read through here, so this is where a log is found not to be text: bytes that are not UTF-8, a
 * line without end. Bytes are validated and decoded a block of whole lines at a time, which costs a tenth of doing so
 * for each line. Memory: one chunk, and one line where that is longer.
 */
import { isUtf8 } from 'node:buffer';
import { LogError } from './log-error.ts';
import type { Source } from './source.ts';

/** One line of a log. */
export interface Line {
  /** The name of the source. */
  readonly file: string;
  /** Counted from 1. */
  readonly number: number;
  /** Without its line break: `\n`, or `\r\n`. */
  readonly text: string;
  /** Whether a line break follows. The last line of a log that was cut short has none. */
  readonly complete: boolean;
}

/** How lines are read. */
export interface LineOptions {
  /** A longer line is an error, so that a log without line breaks cannot fill the memory. Default 64 MiB. */
  readonly maxLineBytes?: number;
}

const newline = 0x0a;
const defaultMaxLineBytes = 64 * 1024 * 1024;

/**
 * Reads a source line by line, empty lines included. A byte order mark is dropped.
 *
 * Cost: about 0.3 µs a line beside the reading itself.
 *
 * @throws LogError located at the line: bytes that are not UTF-8 (UTF-16 is named as such), or a line that is too long
 */
export async function* readLines(source: Source, options: LineOptions = {}): AsyncGenerator<Line, void, undefined> {
  const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes;
  const file = source.name;
  let number = 0;
  // The line that is not yet complete, in pieces: joining them at every chunk would cost a long line the square of its length.
  let pieces: Uint8Array[] = [];
  let pending = 0;
  for await (const chunk of source.bytes()) {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      pieces.push(chunk);
      pending += chunk.length;
    } else {
      pieces.push(chunk.subarray(0, end));
      for (const text of splitBlock(join(pieces), file, number)) {
        number += 1;
        yield { file, number, text, complete: true };
      }
      const rest = chunk.subarray(end + 1);
      pieces = rest.length > 0 ? [rest] : [];
      pending = rest.length;
    }
    if (pending > maxLineBytes) {
      throw new LogError(
        'log/line-too-long',
        { file, line: number + 1 },
        `the line is longer than ${maxLineBytes} bytes.`,
      );
    }
  }
  if (pending === 0) return;
  for (const text of splitBlock(join(pieces), file, number)) {
    yield { file, number: number + 1, text, complete: false };
  }
}

function join(pieces: readonly Uint8Array[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined
    ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
    : Buffer.concat(pieces);
}

/** The lines of a block that ends where a line ends. `before` is the number of lines that came before it. */
function splitBlock(block: Buffer, file: string, before: number): string[] {
  if (!isUtf8(block)) throw notText(block, file, before);
  const start = before === 0 && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? 3 : 0;
  const text = block.toString('utf8', start);
  const lines = text.split('\n');
  if (text.includes('\r')) {
    for (const [i, line] of lines.entries()) if (line.endsWith('\r')) lines[i] = line.slice(0, -1);
  }
  return lines;
}

function notText(block: Buffer, file: string, before: number): LogError {
  const [first, second] = block;
  if (before === 0 && ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))) {
    return new LogError('log/not-text', { file, line: 1 }, 'the file is UTF-16; convert it to UTF-8.');
  }
  let line = before;
  for (let from = 0; from <= block.length;) {
    line += 1;
    const next = block.indexOf(newline, from);
    const to = next < 0 ? block.length : next;
    if (!isUtf8(block.subarray(from, to))) break;
    from = to + 1;
  }
  return new LogError('log/not-text', { file, line }, 'the line is not UTF-8 text.');
}
