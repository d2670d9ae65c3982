/**
 * Reads a client history, whatever its format: recognises it, and gives events, operations or transactions.
 *
 * Histories are read whole, unlike logs: every tester needs all of one.
 */
import type { ClientEvent, Operation, Stored, Transaction } from '../../checker/consistency/index.ts';
import { BivalentError } from '../../checker/core/index.ts';
import {
  fileSource,
  LogError,
  readAll,
  readCobra,
  readDbcop,
  readHistoryCsv,
  readJepsenEdn,
  readJepsenJson,
  readJepsenLog,
  readPolysi,
  readTransactionLines,
  type Source,
} from '../reader/index.ts';

/** The formats, as `--format` calls them. */
export const historyFormats = [
  'jepsen-edn',
  'jepsen-json',
  'jepsen-log',
  'csv',
  'transactions',
  'dbcop',
  'cobra',
  'polysi',
] as const;

export type HistoryFormat = (typeof historyFormats)[number];

/** A larger file does not fit into one text. */
const maxBytes = 500 * 1024 ** 2;

/** What a history is made of: events to be paired, operations, or transactions. */
type HistoryContent =
  | { readonly kind: 'events'; readonly events: readonly ClientEvent[] }
  | { readonly kind: 'operations'; readonly operations: readonly Operation[] }
  | {
      readonly kind: 'transactions';
      readonly transactions: readonly Transaction[];
      /** The values that stand for the initial one. */
      readonly initial: readonly Stored[];
    };

/** A history that was read, with where it came from. */
export type HistoryLog = HistoryContent & { readonly format: HistoryFormat; readonly file: string };

/**
 * Reads the history of one file, or of a folder of Cobra's logs, one file a client thread.
 *
 * @param sources - the file, or the files of the folder
 * @param format - where it is known; recognised otherwise
 * @throws LogError located at what cannot be read, or where no format is recognised
 */
export async function readHistory(sources: readonly Source[], format?: HistoryFormat): Promise<HistoryLog> {
  const [first, ...others] = sources;
  if (first === undefined) throw new BivalentError('usage/arguments', 'there is no history to read.');
  const bytes = await readAll(first, maxBytes);
  const found = format ?? recognise(bytes, first.name);
  if (others.length > 0 && found !== 'cobra') {
    throw new LogError(
      'log/unknown-format',
      { file: first.name },
      'a history is one file; only those of Cobra are folders.',
    );
  }
  if (found === 'cobra') return readCobraFolder(sources);
  const log = { format: found, file: first.name };
  if (found === 'dbcop') return { kind: 'transactions', ...log, ...readDbcop(bytes, first.name) };
  if (found === 'csv') {
    const history = await readHistoryCsv({
      ...first,
      async *bytes() {
        yield bytes;
      },
    });
    return 'events' in history ? { kind: 'events', ...log, ...history } : { kind: 'operations', ...log, ...history };
  }
  return { ...log, ...readText(asText(bytes, first.name), first.name, found) };
}

type TextFormat = Exclude<HistoryFormat, 'csv' | 'dbcop' | 'cobra'>;

function readText(text: string, file: string, format: TextFormat): HistoryContent {
  if (format === 'polysi') return { kind: 'transactions', ...readPolysi(text, file) };
  if (format === 'transactions') return { kind: 'transactions', ...readTransactionLines(text, file) };
  if (format === 'jepsen-log') return { kind: 'events', events: nonEmpty(readJepsenLog(text, file), file) };
  return { kind: 'events', events: (format === 'jepsen-json' ? readJepsenJson : readJepsenEdn)(text, file) };
}

async function readCobraFolder(sources: readonly Source[]): Promise<HistoryLog> {
  const transactions: Transaction[] = [];
  let initial: readonly Stored[] = [];
  for (const [session, source] of sources.entries()) {
    const log = readCobra(await readAll(source, maxBytes), source.name, session);
    transactions.push(...log.transactions);
    initial = log.initial;
  }
  return { kind: 'transactions', format: 'cobra', file: sources[0]!.name, transactions, initial };
}

function nonEmpty(events: readonly ClientEvent[], file: string): readonly ClientEvent[] {
  if (events.length === 0) throw new LogError('log/empty', { file }, 'there are no operations in it.');
  return events;
}

function asText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LogError('log/not-text', { file }, 'the file is not UTF-8 text.');
  }
}

/** Recognises a format by the first lines. */
function recognise(bytes: Uint8Array, file: string): HistoryFormat {
  if (file.endsWith('.bincode')) return 'dbcop';
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 65_536));
  // oxlint-disable-next-line no-control-regex -- text has no zero bytes
  if (/\u0000/.test(head)) return head.startsWith('S') ? 'cobra' : 'dbcop';
  const start = head.replace(/^(?:\s|;[^\n]*(?:\n|$))+/, '');
  if (/^\[?\s*\{\s*"(?:header|session)"/.test(start)) return 'transactions';
  if (/^\[?\s*\{\s*"/.test(start)) return 'jepsen-json';
  if (/^[[(]?\s*(?:;[^\n]*\n\s*)*\{\s*:/.test(start)) return 'jepsen-edn';
  if (/^[rw]\(-?\d/.test(start)) return 'polysi';
  if (/jepsen\.util/.test(head)) return 'jepsen-log';
  if (/^\w+(?:,\w+)+\r?\n/.test(start)) return 'csv';
  throw new LogError(
    'log/unknown-format',
    { file },
    `no format of histories is recognised; name it with --format (${historyFormats.join(', ')}).`,
  );
}

/** The history of a file. */
export function readHistoryFile(path: string, format?: HistoryFormat): Promise<HistoryLog> {
  return readHistory([fileSource(path)], format);
}
