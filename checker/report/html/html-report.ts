/**
 * A report as a page: one file that needs no network, no server and no installation.
 *
 * The page holds the report as data and the program that shows it. Nothing of a report is written as HTML: the program puts
 * texts into the page as texts, so no value of a spec can be taken for markup. Where the spec is in the page too, its
 * reader can leave the behaviour and take other steps.
 */
import { BivalentError } from '../../core/index.ts';
import type { Report } from '../report.ts';
import type { WriteOptions } from '../writers.ts';
import { escapeXml } from '../xml.ts';
import { embeddedJson, pageData, type WhatIf } from './page-data.ts';

/** What a page is made of, beside a report. */
export interface PageParts {
  /** A program in one ES module, with the spec in it if there is one. */
  readonly program: string;
  /** A style sheet. */
  readonly style: string;
  readonly whatIf: WhatIf;
}

/**
 * Writes a report as a page: its own, where it comes with one.
 *
 * @throws BivalentError `usage/report` where there are no parts to make a page of: they are put together by the command
 *   line, since that takes a bundler
 */
export async function htmlReport(report: Report, { measured = false, page }: WriteOptions): Promise<string> {
  if (report.page !== undefined) return report.page;
  if (page === undefined) {
    throw new BivalentError('usage/report', 'a page is written by the command line: bivalent … --report out.html');
  }
  const { program, style, whatIf } = await page();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Bivalent">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<title>${escapeXml(report.headline)}</title>
<link rel="icon" href="data:,">
<style>
${style.replaceAll('</', '<\\/')}</style>
</head>
<body>
<div id="page"><h1>${escapeXml(report.headline)}</h1><noscript><p>The steps are shown by a program in this page: allow JavaScript to see them.</p></noscript></div>
<script type="application/json" id="report-data">${embeddedJson(pageData(report, whatIf, measured))}</script>
<script type="module" src="data:text/javascript;base64,${base64(program)}"></script>
</body>
</html>
`;
}

/** What the browser lets the page do: run what is in it, and nothing else. Nothing goes out, nothing comes in. */
const contentPolicy =
  "default-src 'none'; script-src data: 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** Text as UTF-8 in base64: so written, no program can hold anything that ends its script element. */
function base64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
