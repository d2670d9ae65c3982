/**
 * Behaviours in the Informal Trace Format of Apalache and Quint, and reports of traces in that format.
 *
 * A step is kept beside its state, under `#meta`: its action, and what it picked.
 *
 * Source: Apalache ADR-015, https://apalache-mc.org/docs/adr/015adr-trace.html
 */
import { BivalentError } from '../core/index.ts';
import type { TraceStep } from '../explore/index.ts';
import { fromItf, isRecord, toItf, type ItfOptions, type Json, type RecordValue } from '../value/index.ts';
import { behaviourOf, type Report } from './report.ts';

/** Who writes: a trace of ours is read back with each value as it was. */
const source = 'bivalent';

/** The behaviour of a report as an ITF document; `undefined` where it has none. */
export function itfReport({ kind, subject, headline, notes, behaviour }: Report): string | undefined {
  if (behaviour === undefined) return undefined;
  const { steps, loopsTo } = behaviour;
  const document = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source,
      subject,
      // What a trace says of itself, it goes on saying.
      description: kind === 'trace' ? (notes[0] ?? '') : headline,
    },
    params: [],
    vars: Object.keys(steps[0]!.state).map(escapedKey),
    ...(loopsTo !== undefined && { loop: loopsTo }),
    states: steps.map(({ index, action, parameters, state }) => ({
      '#meta': { index, ...(action !== null && { action, parameters: toItf(parameters) }) },
      ...(toItf(state) as Readonly<Record<string, Json>>),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Names that begin with `#` are ITF's own. */
function escapedKey(name: string): string {
  return name.startsWith('#') ? `#${name}` : name;
}

/** Whether a JSON document is a trace in this format. */
export function isItf(document: unknown): document is ItfDocument {
  if (typeof document !== 'object' || document === null) return false;
  const { states, vars } = document as Partial<ItfDocument>;
  return Array.isArray(states) && Array.isArray(vars);
}

/** What is known of an ITF document before it is read. */
interface ItfDocument {
  readonly '#meta'?: { readonly source?: unknown; readonly subject?: unknown; readonly description?: unknown };
  readonly vars: readonly unknown[];
  readonly states: readonly unknown[];
  readonly loop?: unknown;
}

/**
 * The report of a trace in this format, whichever tool wrote it: its behaviour, without a verdict.
 *
 * @param name - what it is called where the trace does not say
 * @throws BivalentError `report/document` where a state is not what the format says
 */
export function itfTraceReport(document: ItfDocument, name: string): Report {
  const { '#meta': meta = {}, states, loop } = document;
  const isOurs = meta.source === source;
  const trace = states.map((state, i) => stepOf(state, i, { bigints: isOurs }));
  if (trace.length === 0) throw new BivalentError('report/document', 'the ITF trace has no states');
  const loopsTo = typeof loop === 'number' && loop >= 0 && loop < trace.length ? loop : undefined;
  const subject = isOurs && typeof meta.subject === 'string' ? meta.subject : name;
  const count = `${trace.length} ${trace.length === 1 ? 'state' : 'states'}`;
  return {
    kind: 'trace',
    subject,
    constants: {},
    outcome: 'undecided',
    headline: `${subject}: a trace of ${count}`,
    notes: typeof meta.description === 'string' && meta.description !== '' ? [meta.description] : [],
    figures: [{ name: 'states', value: trace.length, text: count }],
    behaviour: behaviourOf(trace, { constants: {}, faults: [], ...(loopsTo !== undefined && { loopsTo }) }),
    findings: [],
    document: document as unknown as Report['document'],
  };
}

function stepOf(json: unknown, i: number, options: ItfOptions): TraceStep {
  const { '#meta': meta, ...variables } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const state = recordOf(variables, `state ${i}`, options);
  const { action, parameters } = (meta ?? {}) as Readonly<Record<string, unknown>>;
  // Where the format leaves the name of an action open, these are what Apalache's and Quint's users write.
  const named = action ?? state['action_taken'] ?? state['mbt::actionTaken'];
  return {
    action: i > 0 && typeof named === 'string' ? named : null,
    parameters: parameters === undefined ? {} : recordOf(parameters, `the parameters of state ${i}`, options),
    state,
  };
}

function recordOf(json: unknown, place: string, options: ItfOptions): RecordValue {
  try {
    const value = fromItf(json, options);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof BivalentError)) throw error;
    throw new BivalentError('report/document', `${place} of the ITF trace: ${error.message}`);
  }
  throw new BivalentError('report/document', `${place} of the ITF trace is not an object`);
}
