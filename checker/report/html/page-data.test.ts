import { assert, asyncProperty, constantFrom, dictionary, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { CheckResult, TraceStep } from '../../explore/index.ts';
import { check } from '../../property/index.ts';
import { bind, type BindOptions, type Spec } from '../../spec/index.ts';
import { canonical, type RecordValue } from '../../value/index.ts';
import { rawValues } from '../../value/arbitrary-value.test-support.ts';
import dieHard from '../../../specs/die-hard/die-hard.ts';
import raft from '../../../specs/raft/raft.ts';
import twoPhaseCommit from '../../../specs/two-phase-commit/two-phase-commit.ts';
import { explain } from '../explanation.ts';
import { checkReport, type Report } from '../report.ts';
import { resultWith } from '../result.test-support.ts';
import { htmlReport, type PageParts } from './html-report.ts';
import { embeddedJson, pageData, readEmbedded, reportOfPage } from './page-data.ts';

const whatIf = { absent: 'there is no spec' };

/** What a browser makes of the data in a page. */
function throughPage(report: Report): Report {
  return reportOfPage(readEmbedded(embeddedJson(pageData(report, whatIf, true))));
}

function reportOf(spec: Spec<never, never>, options: BindOptions): Report {
  const system = bind(spec as unknown as Spec, options);
  const result = check(system);
  const { violation } = result;
  const explanation = violation && explain(system, violation, { alternatives: true });
  return checkReport(result, { command: 'bivalent check …', ...(explanation !== undefined && { explanation }) });
}

function withTrace(states: readonly RecordValue[], parameters: RecordValue = {}): CheckResult {
  const trace = states.map((state, i): TraceStep => ({ action: i === 0 ? null : 'act', parameters, state }));
  const violation = { kind: 'invariant', name: 'claim', parameters, read: [], trace } as const;
  return resultWith({ result: 'violation', violation });
}

describe('the report that a page holds', () => {
  test.each<[string, Report]>([
    ['a puzzle', reportOf(dieHard as never, {})],
    ['a protocol with crashes', reportOf(raft as never, { mutant: 'votes are not written to disk' })],
    ['a spec with sets of messages', reportOf(twoPhaseCommit as never, { mutant: 'the TM commits on a majority' })],
    ['a result that holds', reportOf(dieHard as never, { model: 'unsolvable' })],
  ])('is the one that it was made of: %s', (_, report) => {
    expect(throughPage(report)).toEqual(report);
  });

  test('is so of any states', () => {
    const state = dictionary(string({ maxLength: 3 }), rawValues, { maxKeys: 4 }).map(
      (r) => canonical(r) as RecordValue,
    );
    assert(
      property(state, state, state, (a, b, c) => {
        const report = checkReport(withTrace([a, b, a, c], b));
        expect(throughPage(report)).toEqual(report);
      }),
    );
  });

  test('of a long behaviour has each value once', () => {
    const large = Array.from({ length: 1000 }, (_, i) => i);
    const states = Array.from({ length: 500 }, (_, i) => canonical({ node: { n1: { large, i } } }) as RecordValue);
    expect(embeddedJson(pageData(checkReport(withTrace(states)), whatIf, true)).length).toBeLessThan(100_000);
  });

  test('has no figure that differs from run to run, unless those are asked for', () => {
    const report = checkReport(resultWith());
    expect(pageData(report, whatIf, false).document).not.toHaveProperty('seconds');
    expect(pageData(report, whatIf, true).document).toHaveProperty('seconds');
  });
});

/** The tags of a page. */
function elementsOf(html: string): readonly string[] {
  return html.match(/<[/!]?[a-z-][^>]*>/gi) ?? [];
}

const page = (): Promise<PageParts> =>
  Promise.resolve({ program: 'alert("</script>")', style: 'a { content: "</style>" }', whatIf });

describe('whatever names and values contain', () => {
  const hostile = oneof(
    constantFrom(
      '</script><script>alert(1)</script>',
      '<!--<script>',
      '\u2028',
      '"\'`${1}`',
      '\u202e\u0000\ud800',
      ']]>',
    ),
    string({ unit: 'binary' }),
    // No record of a state has this key.
  ).filter((text) => text !== '__proto__');
  test('a page has the same elements, and the data can be read', async () => {
    const expected = elementsOf(await htmlReport(checkReport(withTrace([{ x: 1 }])), { page }));
    expect(expected.length).toBeGreaterThan(10);
    await assert(
      asyncProperty(hostile, async (text) => {
        const result = { ...withTrace([{ [text]: text }], { [text]: [text] }), spec: text };
        const html = await htmlReport(checkReport(result), { page });
        expect(elementsOf(html)).toEqual(expected);
        const [, json] = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(html) ?? [];
        expect(reportOfPage(readEmbedded(json)).subject).toBe(text);
      }),
    );
  });
});
