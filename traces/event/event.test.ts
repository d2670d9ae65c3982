import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldAt, jsonText, nanosecondsOf, parseJson, type JsonValue } from './index.ts';

describe('parseJson', () => {
  test('keeps integers beyond 2^53 exact', () => {
    const text = '{"a":9007199254740993,"b":[-18446744073709551615],"c":9007199254740991,"d":1.2500000000000000000e3}';
    expect(parseJson(text)).toEqual({
      a: 9007199254740993n,
      b: [-18446744073709551615n],
      c: 9007199254740991,
      d: 1250,
    });
  });

  test('leaves digits in strings and keys alone, whatever the strings begin with', () => {
    const text = String.raw`{"12345678901234567890":"12345678901234567890","\u0000i1":"\u0000i12345678901234567890","\"1234567890123456":1}`;
    expect(parseJson(text)).toEqual({
      '12345678901234567890': '12345678901234567890',
      '\u0000i1': '\u0000i12345678901234567890',
      '"1234567890123456': 1,
    });
  });

  test('refuses what JSON refuses', () => {
    for (const text of ['01234567890123456789', '12345678901234567890.', '{"a":12345678901234567890', '-']) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
  });

  const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
      fc.string(),
      fc.array(tie('value')),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
      ),
    ),
  })).value;

  test('reads what jsonText writes', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(parseJson(jsonText(value))).toEqual(value);
      }),
    );
  });
});

describe('nanosecondsOf', () => {
  test('reads dates with and without zones, exactly', () => {
    const expected = 1_704_067_200_123_456_789n;
    expect(nanosecondsOf('2024-01-01T00:00:00.123456789Z')).toBe(expected);
    expect(nanosecondsOf('2024-01-01 00:00:00,123456789')).toBe(expected);
    expect(nanosecondsOf('2024-01-01T02:00:00.123456789+02:00')).toBe(expected);
  });

  test('takes integers as the unit that makes them a date of our time', () => {
    const expected = 1_704_067_200_000_000_000n;
    for (const time of [1_704_067_200, 1_704_067_200_000, '1704067200000000', expected]) {
      expect(nanosecondsOf(time)).toBe(expected);
    }
    expect(nanosecondsOf(1704067200.25)).toBe(expected + 250_000_000n);
    expect(nanosecondsOf(42)).toBe(42n);
  });

  test('knows what is no time', () => {
    expect(nanosecondsOf('yesterday')).toBeUndefined();
    expect(nanosecondsOf(NaN)).toBeUndefined();
  });
});

describe('fieldAt', () => {
  const event = { file: 'log', line: 1, raw: '', node: 'n1', fields: { state: { term: 2 }, list: [3] } };

  test('follows dots, and falls back to the parts of the event', () => {
    expect(fieldAt(event, 'state.term')).toBe(2);
    expect(fieldAt(event, 'list.0')).toBe(3);
    expect(fieldAt(event, 'node')).toBe('n1');
  });

  test('finds own properties only', () => {
    expect(fieldAt(event, 'constructor')).toBeUndefined();
    expect(fieldAt(event, 'state.toString')).toBeUndefined();
    expect(fieldAt(event, 'list.length')).toBe(1);
  });
});
