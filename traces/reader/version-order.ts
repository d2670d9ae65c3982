/**
 * ArangoDB's write-ahead log as the order of versions: one JSON object a line, of which type 2300 is a document that
 * was inserted or replaced, 2201 a commit and 2202 an abort.
 */
import type { VersionOrder } from '../../checker/consistency/index.ts';
import { jsonObjects } from './jepsen.ts';
import { LogError } from './log-error.ts';

const aborted = 2202;
const written = 2300;

/**
 * The values of each key in the order of the log, without those of transactions that aborted.
 *
 * @param attribute - the attribute of the documents that holds the value
 */
export function readArangoLog(text: string, file: string, attribute = 'rwAttr'): VersionOrder {
  const writes: { tid: unknown; key: string; value: string }[] = [];
  const gone = new Set<unknown>();
  for (const { value: entry, line } of jsonObjects(text, file)) {
    if (typeof entry !== 'object' || entry === null || !('type' in entry)) {
      throw new LogError('log/event', { file, line }, 'an entry of a write-ahead log has a type.');
    }
    const { type, tid, data } = entry as { type: unknown; tid?: unknown; data?: Record<string, unknown> };
    if (type === aborted) gone.add(tid);
    if (type !== written) continue;
    if (data === undefined || !('_key' in data) || !(attribute in data)) continue;
    writes.push({ tid, key: String(data['_key']), value: String(data[attribute]) });
  }
  const order = new Map<string, string[]>();
  for (const { tid, key, value } of writes) {
    if (gone.has(tid)) continue;
    const values = order.get(key);
    if (values === undefined) order.set(key, [value]);
    else values.push(value);
  }
  return order;
}
