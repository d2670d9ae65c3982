import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../checker/temporary-folder.test-support.ts';
import { readLines, type Line } from './lines.ts';
import { fileSource, openSources, readHead, readOnce, textSource, type Source } from './source.ts';

async function linesOf(source: Source, maxLineBytes?: number): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readLines(source, maxLineBytes === undefined ? {} : { maxLineBytes })) lines.push(line);
  return lines;
}

async function textsOf(source: Source): Promise<string[]> {
  return (await linesOf(source)).map((line) => line.text);
}

describe('readLines', () => {
  test('numbers lines from 1, keeps empty ones, and marks a last line without line break', async () => {
    expect(await linesOf(textSource('log', 'a\n\nb'))).toEqual([
      { file: 'log', number: 1, text: 'a', complete: true },
      { file: 'log', number: 2, text: '', complete: true },
      { file: 'log', number: 3, text: 'b', complete: false },
    ]);
  });

  test('gives no line for an empty log, and none after a final line break', async () => {
    expect(await linesOf(textSource('log', ''))).toEqual([]);
    expect(await textsOf(textSource('log', 'a\n'))).toEqual(['a']);
  });

  test('drops carriage returns and a byte order mark', async () => {
    expect(await textsOf(textSource('log', '\uFEFFa\r\nb\rc\r\n'))).toEqual(['a', 'b\rc']);
  });

  test('does not break at the separators that JSON strings may hold', async () => {
    expect(await textsOf(textSource('log', 'a\u2028b\u0085c\n'))).toEqual(['a\u2028b\u0085c']);
  });

  test('locates a line that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('good\nbad '), Buffer.from([0xff, 0xc0]), Buffer.from('\ngood\n')]);
    await expect(linesOf(textSource('log', bytes))).rejects.toThrow('log:2: the line is not UTF-8 text.');
  });

  test('names UTF-16', async () => {
    await expect(linesOf(textSource('log', Buffer.from('\uFEFFabc', 'utf16le')))).rejects.toThrow(
      'log:1: the file is UTF-16; convert it to UTF-8.',
    );
  });

  test('refuses a line beyond the limit without holding all of it', async () => {
    let read = 0;
    const endless: Source = {
      name: 'log',
      async *bytes() {
        yield Buffer.from('first\n');
        for (;;) {
          read += 1000;
          yield Buffer.alloc(1000, 'x');
        }
      },
    };
    await expect(linesOf(endless, 100_000)).rejects.toThrow('log:2: the line is longer than 100000 bytes.');
    expect(read).toBe(101_000);
  });
});

describe('sources', () => {
  test('reads gzip by content, whatever the name', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'log.txt');
    await writeFile(path, gzipSync('a\nb\n'));
    expect(await textsOf(fileSource(path))).toEqual(['a', 'b']);
  });

  test.skipIf(!existsSync('/proc/self/fd'))('leaves no file open when only the beginning is read', async () => {
    const folder = temporaryFolder();
    const text = 'a\n'.repeat(500_000);
    await writeFile(join(folder, 'plain'), text);
    await writeFile(join(folder, 'packed'), gzipSync(text, { level: 0 }));
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 20; i += 1) {
      for (const name of ['plain', 'packed']) await readHead(fileSource(join(folder, name)), 10);
    }
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 20);
  });

  test('reports a truncated gzip file', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'log.gz');
    await writeFile(path, gzipSync('a\n'.repeat(1000)).subarray(0, 20));
    await expect(linesOf(fileSource(path))).rejects.toThrow(
      `${path}: the gzip data ends too early: the file is truncated.`,
    );
  });

  test('reads the files of a folder in order of name, without hidden ones', async () => {
    const folder = temporaryFolder();
    for (const name of ['b.log', 'a.log', '.hidden']) await writeFile(join(folder, name), `${name}\n`);
    const sources = await openSources([folder]);
    expect(sources.map((source) => source.name)).toEqual([join(folder, 'a.log'), join(folder, 'b.log')]);
  });

  test.each([
    ['short', 10],
    ['as long as what is held', 1 << 16],
    ['long', 1 << 20],
  ])('looks at the beginning of a stream that comes once, and reads all of it then: %s', async (_, length) => {
    const bytes = Uint8Array.from({ length }, (__, i) => (i * 31) % 251);
    const source = readOnce('stream', async function* () {
      for (let at = 0; at < length; at += 5000) yield await Promise.resolve(bytes.subarray(at, at + 5000));
    });
    const whole = async (): Promise<Buffer> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source.bytes()) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    expect(await readHead(source, 100)).toEqual(Buffer.from(bytes.subarray(0, 100)));
    expect(await readHead(source, 1 << 16)).toEqual(Buffer.from(bytes.subarray(0, 1 << 16)));
    expect((await whole()).equals(bytes)).toBe(true);
    if (length > 1 << 17) await expect(whole()).rejects.toThrow('stream: it can be read only once.');
  });

  test('reports a file that is absent and a folder that is empty', async () => {
    const folder = temporaryFolder();
    const absent = join(folder, 'absent');
    await expect(openSources([absent])).rejects.toThrow(`${absent}: there is no such file.`);
    await expect(openSources([folder])).rejects.toThrow(`${folder}: the folder holds no files.`);
  });
});
