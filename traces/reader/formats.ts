/** All formats, the recognition of a log's format, and the reading of a run. */
import { isJsonRecord, parseJson, type JsonRecord, type LogEvent } from '../event/index.ts';
import { ccfConsensus } from './ccf-consensus.ts';
import { ccfConsistency } from './ccf-consistency.ts';
import { csv } from './csv.ts';
import { etcdRaft } from './etcd-raft.ts';
import { ewd998 } from './ewd998.ts';
import type { Format, ReadOptions, Sample } from './format.ts';
import { itf } from './itf.ts';
import { LogError } from './log-error.ts';
import { ndjson } from './ndjson.ts';
import { pattern } from './pattern.ts';
import { pgo } from './pgo.ts';
import { pobserve } from './pobserve.ts';
import { shiviz } from './shiviz.ts';
import { readHead, type Source } from './source.ts';
import { traceValidation } from './trace-validation.ts';
import { tracechecker } from './tracechecker.ts';

/** Every format, the most particular first: a log is read by the first that recognises it. */
export const formats: readonly Format[] = [
  etcdRaft,
  ccfConsensus,
  ccfConsistency,
  pgo,
  tracechecker,
  ewd998,
  traceValidation,
  itf,
  pobserve,
  shiviz,
  csv,
  pattern,
  ndjson,
];

/** The format of this name. @throws LogError that lists the names there are */
export function formatNamed(name: string): Format {
  const format = formats.find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  const names = formats.map((candidate) => candidate.name).join(', ');
  throw new LogError('log/unknown-format', { file: '--format' }, `there is no format \`${name}\`; there are ${names}.`);
}

const sampleBytes = 1 << 16;

/**
 * Recognises the format of a source by its beginning. Standard input cannot be looked at twice, so that its format must
 * be named; it is taken as NDJSON.
 *
 * @throws LogError where the source is empty, or like nothing that is known
 */
export async function recogniseFormat(source: Source): Promise<Format> {
  const head = await readHead(source, sampleBytes);
  const file = source.name;
  if (head.length === 0) throw new LogError('log/empty', { file }, 'the log is empty.');
  const sample = sampleOf(new TextDecoder().decode(head), head.length < sampleBytes);
  const format = formats.find((candidate) => candidate.name !== 'ndjson' && candidate.recognises(sample));
  if (format !== undefined) return format;
  // A first line longer than the sample is no object that can be parsed yet.
  if (sample.objects.length > 0 || sample.lines[0]?.startsWith('{') === true) return ndjson;
  throw new LogError('log/unknown-format', { file }, 'the format is not recognised; name it with --format.');
}

function sampleOf(text: string, whole: boolean): Sample {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (!whole && lines.length > 1) lines.pop();
  const kept = lines.filter((line) => line !== '').slice(0, 64);
  return { lines: kept, objects: kept.flatMap(objectIn) };
}

function objectIn(line: string): readonly JsonRecord[] {
  const start = line.indexOf('{"');
  if (start < 0) return [];
  try {
    const value = parseJson(line.slice(start));
    return isJsonRecord(value) ? [value] : [];
  } catch {
    return [];
  }
}

/**
 * Reads the events of a run: of its sources one after the other, each in its own order.
 *
 * @param format - one format for all sources; where it is left out, that of each is recognised
 * @throws LogError where a source cannot be read, or holds no event of its format
 */
export async function* readEvents(
  sources: readonly Source[],
  format?: Format,
  options: ReadOptions = {},
): AsyncGenerator<LogEvent, void, undefined> {
  for (const source of sources) {
    const reader = format ?? (await recogniseFormat(source));
    let none = true;
    for await (const event of reader.read(source, options)) {
      none = false;
      yield event;
    }
    if (none)
      throw new LogError(
        'log/empty',
        { file: source.name },
        `the log holds no event of the format \`${reader.name}\`.`,
      );
  }
}
