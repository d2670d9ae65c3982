/**
 * Numbers as people write them on a command line: `4g`, `500m`, `60s`, `1_000_000`.
 *
 * Each parser takes the text of one option and throws commander's `InvalidArgumentError`, whose message commander
 * prefixes with the option it belongs to.
 */
import { InvalidArgumentError } from 'commander';

const digits = /^(\d[\d_]*(?:\.\d+)?)([a-z]*)$/;

/** Binary, as memory is counted: `1k` is 1024 bytes. */
const bytes = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
  ['t', 1024 ** 4],
]);

const milliseconds = new Map([
  ['ms', 1],
  ['', 1000],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Decimal, as things are counted: `1k` is a thousand. */
const things = new Map([
  ['', 1],
  ['k', 1e3],
  ['m', 1e6],
  ['g', 1e9],
]);

/**
 * Parses a number of things, such as `1000000`, `1_000_000` or `500k`.
 *
 * @throws InvalidArgumentError unless it is a whole number of at least one
 */
export function parseCount(text: string): number {
  const count = parse(text, things);
  if (count === undefined || !Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('It must be a whole number, such as 1000000 or 500k.');
  }
  return count;
}

/** Parses a size such as `500m` or `4g` (a plain number is bytes) and returns bytes. */
export function parseBytes(text: string): number {
  const size = parse(text, bytes);
  if (size === undefined || size < 1) throw new InvalidArgumentError('It must be a size, such as 500m or 4g.');
  return Math.floor(size);
}

/** Parses a time such as `500ms`, `60s` or `5m` (a plain number is seconds) and returns milliseconds. */
export function parseDurationMs(text: string): number {
  const time = parse(text, milliseconds);
  if (time === undefined || time <= 0) throw new InvalidArgumentError('It must be a time, such as 500ms, 60s or 5m.');
  return time;
}

/** Parses the seed of a random generator: a whole number from 0 to 2^32 - 1. */
export function parseSeed(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(seed < 2 ** 32)) throw new InvalidArgumentError('It must be a whole number below 4294967296.');
  return seed;
}

function parse(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const match = digits.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const unit = units.get(match[2] ?? '');
  return unit === undefined ? undefined : Number(match[1]!.replaceAll('_', '')) * unit;
}
