/** Reports whose every text is one that some format could choke on. */
import * as fc from 'fast-check';

import type { CheckResult, TraceStep } from '../explore/index.ts';
import { canonical, type RecordValue } from '../value/index.ts';
import { rawValues } from '../value/arbitrary-value.test-support.ts';
import { resultWith } from './result.test-support.ts';

/** Texts with what means something to HTML, XML, Markdown, Mermaid, DOT, TLA+, JSON or a terminal. */
const hostileTexts = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</script><!--',
    ']]>',
    '"quoted" and \'single\'',
    'back`tick``s```',
    'two\nlines',
    'a\r\nb\tc',
    '\u202eright to left\u202c\u200f',
    '\u2028\u2029\ufeff',
    '| a | b |',
    '# heading',
    '%%{init: {}}%%',
    'end;loop #35; ->> x: y',
    '---- MODULE X ----\n====',
    '\\* (* *)',
    '"\\',
    '\\n\\l',
    '&amp; & &#0;',
    '\u0000\u0007\u001b[31m',
    '\ud800 lone \udc00',
    'toString',
    'constructor',
    '#meta',
    '##',
    '😀 ü',
    '$&',
    '',
    ' ',
  ),
  // No value has this key.
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text !== '__proto__'),
);

const values = fc.oneof(rawValues, hostileTexts);

/** A counterexample with hostile names and values; sometimes a lasso, and sometimes of a protocol. */
export const hostileResults: fc.Arbitrary<CheckResult> = fc
  .record({
    spec: hostileTexts,
    property: hostileTexts,
    reason: fc.option(hostileTexts, { nil: undefined }),
    names: fc.uniqueArray(hostileTexts, { minLength: 1, maxLength: 3 }),
    lanes: fc.uniqueArray(hostileTexts, { minLength: 1, maxLength: 3 }),
    steps: fc.array(
      fc.record({
        action: hostileTexts,
        lane: fc.nat(2),
        at: fc.constantFrom('at', 'to', 'rm'),
        values: fc.array(values, { minLength: 3, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    isProtocol: fc.boolean(),
    loopsTo: fc.option(fc.nat(5), { nil: undefined }),
  })
  .map(({ spec, property, reason, names, lanes, steps, isProtocol, loopsTo }) => {
    const trace = steps.map((step, i): TraceStep => {
      const lane = lanes[step.lane % lanes.length]!;
      const variables = Object.fromEntries(names.map((name, k) => [name, step.values[k]]));
      const sent = Array.from({ length: step.lane }, () => ({ from: lane, text: step.values[0] }));
      return {
        action: i === 0 ? null : step.action,
        parameters: record(i === 0 ? {} : { [step.at]: lane, message: step.values[1] }),
        state: record(isProtocol ? { ...variables, ...running(lanes, sent) } : variables),
      };
    });
    return resultWith({
      spec,
      constants: record({ lanes, ...(isProtocol && { faults: {}, network: {} }) }),
      result: 'violation',
      ...(reason !== undefined && { reason }),
      actions: Object.fromEntries(steps.map(({ action }) => [action, { taken: 1, distinct: 1 }])),
      faults: Object.fromEntries(steps.slice(2).map(({ action }) => [action, 1])),
      violation: {
        kind: loopsTo === undefined ? 'invariant' : 'temporal',
        name: property,
        parameters: record({ [property]: steps[0]!.values[2] }),
        read: [{ path: property, value: canonical(steps[0]!.values[2]) }],
        trace,
        ...(loopsTo !== undefined && { loopsTo: Math.min(loopsTo, trace.length - 1) }),
      },
    });
  });

function running(lanes: readonly string[], sent: readonly object[]): object {
  const each = (what: object): object => Object.fromEntries(lanes.map((lane) => [lane, what]));
  return { node: each({}), status: each({}), inbox: each({ ping: new Set(sent) }) };
}

function record(data: object): RecordValue {
  return canonical(data) as RecordValue;
}
