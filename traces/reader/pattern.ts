/**
 * Plain text by a regular expression with named groups, a line an event: the logs of most programs.
 *
 * The groups are the fields; `name`, `node`, `time` and the other usual names are found as in NDJSON. Lines that
 * do not match are left out, as such logs have continuation lines and other output; a log of which no line matches is
 * an error, made by whoever reads the whole run.
 */
import type { JsonRecord } from '../event/index.ts';
import type { Format } from './format.ts';
import { readLines } from './lines.ts';
import { LogError } from './log-error.ts';
import { genericEvent } from './ndjson.ts';

/** A user's expression may take time that is the square of a line's length, so that lines are short here. */
export const maxPatternLineBytes = 64 * 1024;

/** Plain text by regular expression. */
export const pattern: Format = {
  name: 'pattern',
  title: 'plain text; --pattern gives a regular expression with named groups',
  recognises: () => false,
  async *read(source, options) {
    const { pattern: expression, fieldMap = {}, maxLineBytes = maxPatternLineBytes } = options;
    if (expression === undefined) {
      throw new LogError('log/unknown-format', { file: source.name }, 'the format `pattern` needs a pattern.');
    }
    const matcher = new RegExp(expression.source, expression.flags.replaceAll(/[gy]/g, ''));
    for await (const line of readLines(source, { maxLineBytes })) {
      const groups = matcher.exec(line.text)?.groups;
      if (groups !== undefined) yield genericEvent(fieldsOf(groups), line, fieldMap);
    }
  },
};

/** The groups that took part in a match, as fields. */
export function fieldsOf(groups: Readonly<Record<string, string | undefined>>): JsonRecord {
  const fields: Record<string, string> = {};
  for (const [name, text] of Object.entries(groups)) if (text !== undefined) fields[name] = text;
  return fields;
}
