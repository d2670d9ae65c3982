/** A verdict on a history as a JSON document, as `history.schema.json` describes it. */
import type { Operation } from '../../checker/consistency/index.ts';
import type { HistoryVerdict, PartVerdict } from './judge.ts';

/** The verdict as a JSON document: values that JSON lacks are objects with one key, such as `{ '#bigint': '12' }`. */
export function historyDocument(verdict: HistoryVerdict): Readonly<Record<string, unknown>> {
  const { parts, findings, ...rest } = verdict;
  return {
    schemaVersion: 1,
    ...rest,
    findings: findings.map((finding) => ({ ...finding, operations: finding.operations.map(operationDocument) })),
    ...(parts !== undefined && { parts: parts.map(partDocument) }),
  };
}

/** Without the whole history of the part, which the reader has. */
function partDocument(part: PartVerdict): Readonly<Record<string, unknown>> {
  const { key, blocked, minimal, result, operations, linearized, isMinimal } = part;
  return {
    ...(key !== undefined && { key: plainJson(key) }),
    result,
    operations,
    linearized,
    ...(blocked !== undefined && { blocked: operationDocument(blocked) }),
    minimal: minimal.map(operationDocument),
    isMinimal,
  };
}

function operationDocument(operation: Operation): Readonly<Record<string, unknown>> {
  const { process, f, input, output, invoked, returned, line } = operation;
  return {
    process: plainJson(process),
    f,
    ...(input !== undefined && { input: plainJson(input) }),
    ...(output !== undefined && { output: plainJson(output) }),
    invoked,
    returned: returned === Infinity ? null : returned,
    ...(line !== undefined && { line }),
  };
}

/** A value of a history, which may have what JSON lacks. Depth is that of the value. */
function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return { '#bigint': String(value) };
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Set) return { '#set': Array.from(value, plainJson) };
  if (value instanceof Map) return { '#map': Array.from(value, (entry) => entry.map(plainJson)) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner)]));
}
