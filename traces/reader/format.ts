/** What a log format is: how it is recognised, and how its events are read. */
import type { JsonRecord, LogEvent } from '../event/index.ts';
import type { Source } from './source.ts';

/** Where a generic format finds what an event needs: for each, a dotted path into the fields. */
export interface FieldMap {
  readonly name?: string;
  readonly node?: string;
  readonly time?: string;
  readonly lamport?: string;
  /** An object from node to count. */
  readonly clock?: string;
  /** The identity of the message that the event sends. */
  readonly send?: string;
  /** The identity of the message that the event receives. */
  readonly receive?: string;
}

/** How a log is to be read, beside its format. */
export interface ReadOptions {
  /** For the generic formats (`ndjson`, `csv`, `pattern`): where the event's parts are. */
  readonly fieldMap?: FieldMap;
  /** For `shiviz` and `pattern`: a regular expression with named groups. */
  readonly pattern?: RegExp;
  /** For `shiviz`: a line that matches begins another execution; its named group is the execution's name. */
  readonly delimiter?: RegExp;
  readonly maxLineBytes?: number;
  /** `ignore`: a last line that was cut short is left out. The default is an error, as it may be a log cut short. */
  readonly truncatedTail?: 'error' | 'ignore';
}

/** The beginning of a log, by which its format is recognised. */
export interface Sample {
  /** The first lines, whole ones. */
  readonly lines: readonly string[];
  /** Those of them that are JSON objects. */
  readonly objects: readonly JsonRecord[];
}

/** A log format. */
export interface Format {
  /** What `--format` calls it. */
  readonly name: string;
  /** What it is, in a line of help. */
  readonly title: string;
  recognises(sample: Sample): boolean;
  /**
   * Reads the events of a source in the order of the log.
   *
   * @throws LogError located at the first line that cannot be read
   */
  read(source: Source, options: ReadOptions): AsyncIterable<LogEvent>;
}
