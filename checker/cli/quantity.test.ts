import { describe, expect, test } from 'vitest';

import { parseBytes, parseCount, parseDurationMs, parseSeed } from './quantity.ts';

describe('quantities', () => {
  test.each([
    ['1', 1],
    ['1_000_000', 1_000_000],
    ['500k', 500_000],
    ['2m', 2_000_000],
    ['1.5k', 1500],
  ])('the count %s is %d', (text, count) => {
    expect(parseCount(text)).toBe(count);
  });

  test.each(['many', '', '0', '-1', '1.5', '10x', '1e6', 'NaN', 'Infinity', '12 monkeys'])(
    '%j is not a count',
    (text) => {
      expect(() => parseCount(text)).toThrow('It must be a whole number, such as 1000000 or 500k.');
    },
  );

  test.each([
    ['1024', 1024],
    ['1k', 1024],
    ['500m', 500 * 1024 ** 2],
    ['4G', 4 * 1024 ** 3],
    ['0.5g', 1024 ** 3 / 2],
  ])('the size %s is %d bytes', (text, size) => {
    expect(parseBytes(text)).toBe(size);
  });

  test.each(['big', '0', '-4g', '4 gigabytes', 'g'])('%j is not a size', (text) => {
    expect(() => parseBytes(text)).toThrow('It must be a size, such as 500m or 4g.');
  });

  test.each([
    ['250ms', 250],
    ['60s', 60_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['3', 3000],
  ])('the time %s is %d ms', (text, time) => {
    expect(parseDurationMs(text)).toBe(time);
  });

  test.each(['soon', '0s', '-1s', '5 minutes', 's'])('%j is not a time', (text) => {
    expect(() => parseDurationMs(text)).toThrow('It must be a time, such as 500ms, 60s or 5m.');
  });

  test('a seed is a whole number of 32 bits', () => {
    expect(parseSeed('0')).toBe(0);
    expect(parseSeed('4294967295')).toBe(4_294_967_295);
    for (const text of ['4294967296', '-1', '1.5', 'x', '']) {
      expect(() => parseSeed(text)).toThrow('It must be a whole number below 4294967296.');
    }
  });
});
