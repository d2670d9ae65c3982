/**
 * The text logs of PObserve's examples: Log4j lines whose message is `key=value, key=value`.
 *
 * `2023-12-01 16:10:34.000921 [main] INFO  StructuredLogger - : MessageType=REQUEST, ClientID=0, …`. Lines of other
 * loggers are left out. `null` is JSON's null, integers are numbers.
 *
 * Source: p-org/P, `Src/PObserve`.
 */
import { parseJson, type JsonRecord, type JsonValue } from '../event/index.ts';
import type { Format } from './format.ts';
import { eventAt } from './json-lines.ts';
import { readLines } from './lines.ts';

const lineShape =
  /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) \[(?<thread>[^\]]*)\] +(?<level>\w+) +StructuredLogger - : (?<message>.*)$/;

/** PObserve text logs. */
export const pobserve: Format = {
  name: 'pobserve',
  title: 'Log4j lines of PObserve: … StructuredLogger - : key=value, key=value',
  recognises: (sample) => sample.lines.some((line) => lineShape.test(line)),
  async *read(source, options) {
    for await (const line of readLines(source, options)) {
      const groups = lineShape.exec(line.text)?.groups;
      if (groups === undefined) continue;
      const { time = '', message = '' } = groups;
      const fields = pairs(message);
      const name = fields['MessageType'];
      yield { ...eventAt(line, fields), time, ...(typeof name === 'string' && { name }) };
    }
  },
};

function pairs(message: string): JsonRecord {
  const fields: Record<string, JsonValue> = {};
  for (const pair of message.split(', ')) {
    const at = pair.indexOf('=');
    if (at > 0) fields[pair.slice(0, at)] = valueOf(pair.slice(at + 1));
  }
  return fields;
}

function valueOf(text: string): JsonValue {
  return /^-?(?:0|[1-9]\d*)$/.test(text) || text === 'null' ? parseJson(text) : text;
}
