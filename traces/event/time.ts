/** Times of logs, exactly. */
import type { Timestamp } from './event.ts';

const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;
const decimal = /^(-?\d+)(?:\.(\d+))?$/;

/**
 * Nanoseconds of a timestamp: since 1970 where it is a date, else in whatever the log counts.
 *
 * A date without a zone is taken as UTC. A fractional number is seconds; an integer is seconds, milliseconds,
 * microseconds or nanoseconds by its size where it can be a date of 1973 to 2286, else it counts as it is.
 *
 * @returns `undefined` where the text is no time
 */
export function nanosecondsOf(time: Timestamp): bigint | undefined {
  if (typeof time === 'bigint') return scaled(time);
  const text = typeof time === 'number' ? numberText(time) : time.trim();
  const date = iso.exec(text);
  if (date !== null) return dateNanoseconds(date);
  const number = decimal.exec(text);
  if (number === null) return undefined;
  const [, whole = '0', fraction] = number;
  if (fraction === undefined) return scaled(BigInt(whole));
  const nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return BigInt(whole) * 1_000_000_000n + (whole.startsWith('-') ? -nanoseconds : nanoseconds);
}

// Exponents appear beyond 1e21 only, which is no time.
function numberText(time: number): string {
  return String(time);
}

function dateNanoseconds(match: RegExpExecArray): bigint | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Number.isNaN(utc)) return undefined;
  const milliseconds = utc - zoneMinutes(zone) * 60_000;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** The unit of an integer time cannot be read off it, but dates of our time have sizes that do not overlap. */
function scaled(integer: bigint): bigint {
  const size = integer < 0n ? -integer : integer;
  if (size < 100_000_000n) return integer;
  if (size < 10_000_000_000n) return integer * 1_000_000_000n;
  if (size < 10_000_000_000_000n) return integer * 1_000_000n;
  if (size < 10_000_000_000_000_000n) return integer * 1_000n;
  return integer;
}
