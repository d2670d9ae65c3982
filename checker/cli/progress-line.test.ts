import { describe, expect, test } from 'vitest';

import { describeProgress, ProgressLine } from './progress-line.ts';

const atOnce = { firstAfterMs: 0, everyMs: 0 };
const later = { firstAfterMs: 1e9, everyMs: 0 };

/** A terminal that remembers what was written on it. */
class Paper {
  readonly columns = 20;
  readonly isTTY: boolean;
  text = '';

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

describe('the line of progress', () => {
  test('is rewritten in place, cut to the width of the terminal, and wiped at the end', () => {
    const paper = new Paper(true);
    const line = new ProgressLine(paper, atOnce);
    line.show(() => 'one');
    line.show(() => 'two, which is longer than the terminal is wide');
    line.clear();
    expect(paper.text).toBe('\r\u001B[2Kone\r\u001B[2Ktwo, which is longe\r\u001B[2K');
  });

  test('does not appear where there is no terminal', () => {
    const paper = new Paper(false);
    const line = new ProgressLine(paper, atOnce);
    line.show(() => 'one');
    line.clear();
    expect(paper.text).toBe('');
  });

  test('does not appear before its time', () => {
    const paper = new Paper(true);
    const line = new ProgressLine(paper, later);
    line.show(() => 'one');
    line.clear();
    expect(paper.text).toBe('');
  });

  test('says how much was seen, how fast, how much waits, and in how much memory', () => {
    const progress = { distinctStates: 1_234_567, generatedStates: 9_999_999, frontier: 12_345, level: 14 };
    const memoryBytes = 50_000_000;
    expect(describeProgress({ ...progress, seconds: 10, memoryBytes })).toBe(
      '1,234,567 states  123,457 states/s  level 14  frontier 12,345  48 MiB  10 s  Ctrl-C stops and reports',
    );
    expect(describeProgress({ ...progress, seconds: 10, memoryBytes, toExpand: 611_111 })).toBe(
      '1,234,567 states  123,457 states/s  level 14  frontier 12,345  48 MiB  10 s  ≈ 5 s left  Ctrl-C stops and reports',
    );
    expect(describeProgress({ ...progress, seconds: 900, memoryBytes, toExpand: 61_111_111 })).toBe(
      '1,234,567 states  1,372 states/s  level 14  frontier 12,345  48 MiB  15 min  ≈ 12.5 h left  Ctrl-C stops and reports',
    );
    expect(describeProgress({ ...progress, seconds: 10, memoryBytes, diskBytes: 2 ** 31 })).toBe(
      '1,234,567 states  123,457 states/s  level 14  frontier 12,345  48 MiB  2,048 MiB on disk  10 s  Ctrl-C stops and reports',
    );
  });
});
