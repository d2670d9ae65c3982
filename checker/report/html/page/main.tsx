/**
 * The program of a page: shows the report that the page holds, and then asks for the spec, so that a spec that cannot be
 * loaded does not keep the report from being shown.
 */
import { render } from 'preact';

import type { Spec } from '../../../spec/index.ts';
import { readEmbedded, reportOfPage } from '../page-data.ts';
import { App } from './app.tsx';

/**
 * Shows the page.
 *
 * @param loadSpec - gives the module of the spec; absent where the page has none
 */
export function openPage(loadSpec?: () => Promise<{ readonly default: Spec }>): void {
  const data = readEmbedded(document.getElementById('report-data')?.textContent);
  const root = document.getElementById('page')!;
  root.replaceChildren();
  render(<App report={reportOfPage(data)} whatIf={data.whatIf} loadSpec={loadSpec} />, root);
}
