/**
 * Where bytes of logs come from: files, folders and standard input, with gzip undone.
 *
 * Everything streams: a source is opened when it is read, and no more than a buffer of it is held.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LogError } from './log-error.ts';

/** A named stream of bytes. `name` is what messages call it: the path as given, or `<stdin>`. */
export interface Source {
  readonly name: string;
  /** Opens the stream from its beginning; standard input can be opened once only. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** A source held in memory: for tests, and for text that a program already has. */
export function textSource(name: string, text: string | Uint8Array): Source {
  const data = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return {
    name,
    async *bytes() {
      yield data;
    },
  };
}

/**
 * The sources that a command line names, in order.
 *
 * @param paths - files, folders (every file directly or deeper inside, in order of name; hidden ones are left out) or
 *   `-` for standard input
 * @param base - the folder that relative paths are relative to; the names stay as given
 * @throws LogError for a path that does not exist or a folder without files
 */
export async function openSources(paths: readonly string[], base = ''): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const path of paths) {
    if (path === '-') sources.push(standardInput());
    else for (const file of await filesOf(path, base)) sources.push(fileSource(file, base));
  }
  return sources;
}

/** One file, gzip undone where its first two bytes say so. */
export function fileSource(path: string, base = ''): Source {
  const bytes = (): AsyncIterable<Uint8Array> => createReadStream(resolve(base, path), { highWaterMark: 1 << 18 });
  return { name: path, bytes: () => guarded(path, plainOrGzip(bytes())) };
}

function standardInput(): Source {
  return readOnce('<stdin>', () => guarded('<stdin>', plainOrGzip(process.stdin)));
}

/** How much of a stream that comes only once is held, so that its beginning can be looked at first. */
const heldBytes = 1 << 16;

/** A source whose stream cannot be opened again: its beginning can be read more than once, the rest once. */
export function readOnce(name: string, open: () => AsyncIterable<Uint8Array>): Source {
  let stream: AsyncIterator<Uint8Array> | undefined;
  let held: Uint8Array[] | undefined = [];
  let heldLength = 0;
  return {
    name,
    async *bytes() {
      stream ??= open()[Symbol.asyncIterator]();
      if (held === undefined) throw new LogError('log/unreadable', { file: name }, 'it can be read only once.');
      yield* held;
      for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
        // Who reads beyond the beginning has seen it, and is the last to ask for it.
        if (heldLength >= heldBytes) held = undefined;
        held?.push(next.value);
        heldLength += next.value.length;
        yield next.value;
      }
    },
  };
}

async function filesOf(path: string, base: string): Promise<readonly string[]> {
  const entry = await stat(resolve(base, path)).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!entry.isDirectory()) return [path];
  // An explicit stack, as the depth of a folder is not ours to choose.
  const files: string[] = [];
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const child of await readdir(resolve(base, folder), { withFileTypes: true })) {
      if (child.name.startsWith('.')) continue;
      if (child.isDirectory()) folders.push(join(folder, child.name));
      else if (child.isFile()) files.push(join(folder, child.name));
    }
  }
  if (files.length === 0) throw new LogError('log/empty', { file: path }, 'the folder holds no files.');
  return files.sort();
}

/** Looks at the first two bytes, as a name that ends in `.gz` proves nothing. */
async function* plainOrGzip(stream: AsyncIterable<unknown>): AsyncIterable<Uint8Array> {
  const chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  try {
    let head = await chunks.next();
    // A pipe may deliver a single byte first.
    while (head.done !== true && head.value.length < 2) {
      const more = await chunks.next();
      if (more.done === true) break;
      head = { done: false, value: Buffer.concat([head.value, more.value]) };
    }
    if (head.done === true) return;
    const isGzip = head.value[0] === 0x1f && head.value[1] === 0x8b;
    const all = withFirst(head.value, chunks);
    yield* isGzip ? gunzip(all) : all;
  } finally {
    // Who reads only the beginning must leave no file open.
    await chunks.return?.();
  }
}

async function* withFirst(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function gunzip(compressed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const input = Readable.from(compressed, { objectMode: false });
  const output = createGunzip({ chunkSize: 1 << 18 });
  // `pipe` does not pass errors on; an unforwarded one would leave the reader waiting for ever.
  input.on('error', (error) => output.destroy(error));
  return input.pipe(output);
}

/** Turns the system's errors (no such file, not permitted, damaged gzip) into located ones. */
async function* guarded(name: string, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw error instanceof LogError ? error : unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): LogError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file.',
    EACCES: 'the file may not be read (permission denied).',
    EISDIR: 'this is a folder, not a file.',
    Z_BUF_ERROR: 'the gzip data ends too early: the file is truncated.',
    Z_DATA_ERROR: `the gzip data is damaged (${message}).`,
  };
  return new LogError('log/unreadable', { file: name }, reasons[code ?? ''] ?? `cannot be read: ${message}.`);
}

/** Reads a whole source, for formats that are one document. @throws LogError where it is longer than `maxBytes` */
export async function readAll(source: Source, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.bytes()) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new LogError('log/line-too-long', { file: source.name }, `the document is longer than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads the first `length` bytes of a file (after gzip), to recognise its format; fewer where it is shorter. */
export async function readHead(source: Source, length: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let read = 0;
  for await (const chunk of source.bytes()) {
    chunks.push(chunk);
    read += chunk.length;
    if (read >= length) break;
  }
  return Buffer.concat(chunks).subarray(0, length);
}
