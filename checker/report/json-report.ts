/** Reports as JSON: the document that `--json` prints, to be kept and read again. */
import { withoutMeasured } from './json.ts';
import type { Report } from './report.ts';
import type { WriteOptions } from './writers.ts';

/** The document of a result, without what differs from run to run unless that is asked for. */
export function jsonReport({ document }: Report, { measured = false }: WriteOptions): string {
  return `${JSON.stringify(measured ? document : withoutMeasured(document), null, 2)}\n`;
}
