import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from './lines.ts';
import type { Source } from './source.ts';

const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', 'é', '😀', '') });

function chunked(bytes: Uint8Array, cuts: readonly number[]): Source {
  return {
    name: 'log',
    async *bytes() {
      let from = 0;
      for (const cut of [...cuts.map((c) => c % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
        yield bytes.subarray(from, cut);
        from = cut;
      }
    },
  };
}

test('how a log is cut into chunks does not show in its lines', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat()), async (log, cuts) => {
      const read: string[] = [];
      for await (const line of readLines(chunked(new TextEncoder().encode(log), cuts))) {
        expect(line.number).toBe(read.length + 1);
        read.push(line.text);
      }
      const expected = log.split('\n').map((line, i, all) => (i < all.length - 1 ? line.replace(/\r$/, '') : line));
      if (expected.at(-1) === '') expected.pop();
      expect(read.join('\n')).toEqual(expected.join('\n'));
    }),
  );
});
