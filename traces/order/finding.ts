/** What a check of a log found wrong, and where. */
import { placeOf, type LogEvent } from '../event/index.ts';

/** What can be wrong with the order of a log's events. */
export type FindingKind =
  | 'clock-absent'
  | 'clock-gap'
  | 'clock-duplicate'
  | 'clock-regression'
  | 'unknown-node'
  | 'unknown-event'
  | 'not-merged'
  | 'cycle'
  | 'lamport'
  | 'receive-before-send'
  | 'unsent'
  | 'not-monotone'
  | 'not-unique';

/** One problem of a log. */
export interface Finding {
  readonly kind: FindingKind;
  readonly file: string;
  readonly line: number;
  /** One sentence, without the place. */
  readonly message: string;
}

/** Where an event stands, kept in place of the event. */
export type Place = Pick<LogEvent, 'file' | 'line'>;

/** The finding as one line: `log.ndjson:12: …`. */
export function findingText(finding: Finding): string {
  return `${placeOf(finding)}: ${finding.message}`;
}

const keptFindings = 100;

/** The findings of a check: their number, and the first hundred of them, so that a broken log cannot fill the memory. */
export class Findings {
  readonly list: Finding[] = [];
  total = 0;

  add(kind: FindingKind, place: Place, message: string): void {
    this.total += 1;
    if (this.list.length < keptFindings) this.list.push({ kind, file: place.file, line: place.line, message });
  }
}
