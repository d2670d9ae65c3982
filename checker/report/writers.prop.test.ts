/** Laws of all writers: whatever the texts and values of a spec are, what is written is a file of its format. */
import { createRequire } from 'node:module';

import * as fc from 'fast-check';
import { lexer, type Token, type Tokens } from 'marked';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';

import { formatNamed, readEvents, textSource } from '../../traces/index.ts';
import { equal } from '../value/index.ts';
import { hostileResults } from './hostile-report.test-support.ts';
import { isItf, itfTraceReport } from './itf.ts';
import { checkReport, type Report } from './report.ts';
import { resultWith, samples, state, violation } from './result.test-support.ts';
import { savedReport } from './saved.ts';
import { writerFor, writers } from './writers.ts';

const wasm = createRequire(import.meta.url).resolve('@tlaplus/tree-sitter-tlaplus/tree-sitter-tlaplus.wasm');
await Parser.init();
const tla = new Parser().setLanguage(await Language.load(wasm));

/** What is wrong with a file of each format; nothing where it is well formed. */
const faultsOf: Readonly<
  Record<string, (text: string, report: Report) => Promise<readonly string[]> | readonly string[]>
> = {
  '.md': (text) => markdownFaults(text),
  '.txt': (text) => (text.endsWith('\n') ? [] : ['no line break at the end']),
  '.json': (text, report) => {
    const again = savedReport(JSON.parse(text));
    return equal(again.constants, report.constants) && sameBehaviour(again, report)
      ? []
      : ['another result is read back'];
  },
  '.itf.json': (text, report) => {
    const document: unknown = JSON.parse(text);
    return isItf(document) && sameBehaviour(itfTraceReport(document, 'x'), report)
      ? []
      : ['another behaviour is read back'];
  },
  '.mmd': (text) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => !mermaidLine.test(line)),
  '.dot': (text) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => !dotLine.test(line)),
  '.svg': (text) => xmlFaults(text),
  '.junit.xml': (text) => xmlFaults(text),
  '.tla': (text) => (tla.parse(text)!.rootNode.hasError ? [text] : []),
  '.shiviz.log': async (text, { behaviour }) => {
    const events: unknown[] = [];
    for await (const event of readEvents([textSource('trace.log', text)], formatNamed('shiviz'))) events.push(event);
    return events.length === behaviour!.steps.length - 1 ? [] : [`${events.length} events`];
  },
};

const label = String.raw`"(?:[^"\\\n]|\\.)*"`;
const dotLine = new RegExp(
  `^(?:digraph trace \\{|\\}|  label=${label};|  labelloc=t;|  (?:node|edge) \\[[^"]*fontname="monospace"\\];|  s\\d+(?: -> s\\d+)? \\[label=${label}[\\w=, ]*\\];)$`,
);
const said = String.raw`(?:[\p{L}\p{N} _.,:()={}[\]→'"+*/…×!?-]|#\d+;)*`;
const mermaidLine = new RegExp(
  `^(?:sequenceDiagram|  participant p\\d+ as ${said}|  Note over p\\d+(?:,p\\d+)?: ${said}|  p\\d+(?:->>|-x|--\\))p\\d+: ${said}|  loop for ever|  end)$`,
  'u',
);

function sameBehaviour(a: Report, b: Report): boolean {
  const [first, second] = [a.behaviour!, b.behaviour!];
  return (
    first.loopsTo === second.loopsTo &&
    first.steps.length === second.steps.length &&
    first.steps.every(({ action, parameters, state: reached }, i) => {
      const other = second.steps[i]!;
      return action === other.action && equal(parameters, other.parameters) && equal(reached, other.state);
    })
  );
}

function xmlFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => faults.push(error.message));
  parser.write(text).close();
  return faults;
}

/** HTML of the spec's own that a reader of the Markdown would get, and tables whose rows fell apart. */
function markdownFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const visit = (token: Token): void => {
    if (token.type === 'html' && token.raw !== '<br>') faults.push(token.raw);
    if (token.type === 'link' || token.type === 'image' || token.type === 'del') faults.push(token.raw);
    if (token.type === 'table') {
      const { header, rows, raw } = token as Tokens.Table;
      if (rows.some((row) => row.length !== header.length) || raw.trim().split('\n').length !== rows.length + 2)
        faults.push(raw);
      for (const cell of [...header, ...rows.flat()]) cell.tokens.forEach(visit);
    }
    for (const inner of (token as { readonly tokens?: readonly Token[] }).tokens ?? []) visit(inner);
  };
  for (const token of lexer(text)) visit(token);
  return faults;
}

describe.each(Object.keys(faultsOf))('a report as %s', (extension) => {
  const write = writerFor(`out${extension}`);

  test('is well formed whatever a spec calls things and holds in its states, and equal for equal reports', async () => {
    await fc.assert(
      fc.asyncProperty(hostileResults, async (result) => {
        const report = checkReport(result, { command: 'bivalent check x' });
        const text = await write(report, {});
        if (text === undefined) {
          expect([extension, report.behaviour!.steps.length]).toEqual(['.shiviz.log', 1]);
          return;
        }
        expect(await faultsOf[extension]!(text, report)).toEqual([]);
        expect(await write(checkReport(result, { command: 'bivalent check x' }), {})).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  test('takes a text of a megabyte', async () => {
    const long = state({ text: `${'x'.repeat(1_000_000)}<\`|"\\\n` });
    const trace = violation.trace.map((step) => ({ ...step, state: long }));
    const report = checkReport(resultWith({ result: 'violation', violation: { ...violation, trace } }));
    expect(await faultsOf[extension]!((await write(report, {}))!, report)).toEqual([]);
  });

  test('is written of a result that holds, where there is something to write', async () => {
    const report = checkReport(resultWith());
    const text = await write(report, {});
    const needsNone = ['.md', '.txt', '.json', '.junit.xml'].includes(extension);
    expect(text === undefined).toBe(!needsNone);
  });
});

test('every writer is tested here, but that of pages, which has tests of its own', () => {
  expect(Object.keys(writers).filter((extension) => !(extension in faultsOf))).toEqual(['.html']);
});

test.each(['', '  '])('who acts in a diagram has a name, though the spec is named %j', async (spec) => {
  const trace = [{ ...violation.trace[0]!, state: state({ x: 0 }) }];
  const report = checkReport(resultWith({ spec, result: 'violation', violation: { ...violation, trace } }));
  expect(await writerFor('a.mmd')(report, {})).toContain('participant p0 as (no name)\n');
});

test('times and memory are written only where they are asked for', async () => {
  const report = checkReport(resultWith({ samples }));
  const names = async (measured: boolean) =>
    Object.keys(JSON.parse((await writerFor('a.json')(report, { measured }))!) as object);
  const varying = ['learning', 'seconds', 'statesPerSecond', 'bytesPerState', 'peakMemoryBytes', 'samples'];
  expect((await names(false)).filter((name) => varying.includes(name))).toEqual([]);
  expect((await names(true)).filter((name) => varying.includes(name))).toEqual(varying);
});

test('a file whose extension no format has is refused', () => {
  expect(() => writerFor('out.pdf')).toThrowError(
    '--report writes files that end in .html, .md, .txt, .json, .itf.json, .mmd, .dot, .svg, .shiviz.log, .tla, .junit.xml; out.pdf does not',
  );
});
