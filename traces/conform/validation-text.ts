/** A validation as text for people: the verdict, and for an invalid log what stands against it. */
import { isRecord, show, showCall } from '../../checker/value/index.ts';
import type { RecordValue, Value } from '../../checker/value/index.ts';
import { excerpt } from '../reader/index.ts';
import { valueAt } from './observation.ts';
import type { Candidate, Diagnosis, MatchedStep, Repair, UnexplainedEvent, Validation } from './validation.ts';

const shownReads = 6;
/** A state whose text is longer than this is shown in parts, of which so many; and their values, as far as this. */
const mostStateText = 2000;
const shownParts = 3;
const mostValueText = 160;

/** The whole report, ending in a line break. */
export function validationText(validation: Validation): string {
  const { diagnosis, brokenInvariant, behaviour } = validation;
  const lines = [headline(validation)];
  if (brokenInvariant !== undefined) {
    const { name, parameters, event = 'the initial state' } = brokenInvariant;
    lines.push('', `After ${event} the invariant ${showCall(name, parameters)} is false.`);
  }
  if (diagnosis !== undefined) lines.push('', diagnosisText(diagnosis));
  if (behaviour !== undefined) lines.push('', 'A behaviour that explains the log:', ...behaviour.map(stepLine));
  return `${lines.join('\n')}\n`;
}

/** The verdict in one line. */
export function headline({ result, reason, spec, events, ignored, explained, brokenInvariant }: Validation): string {
  const bound = events - ignored;
  const passed = ignored === 0 ? '' : ` (${count(ignored, 'event')} passed over)`;
  if (result === 'valid') return `valid: a behaviour of ${spec} explains all ${count(bound, 'event')}${passed}`;
  const reached = count(explained, 'event');
  if (result === 'inconclusive') return `inconclusive: ${reason ?? ''}, with ${reached} explained${passed}`;
  if (brokenInvariant) return `invalid: the log is a behaviour of ${spec}, but not all of its invariants hold${passed}`;
  return `invalid: no behaviour of ${spec} explains the log; the longest explains ${reached}${passed}`;
}

/** Why a log is invalid, as lines of text. */
export function diagnosisText(diagnosis: Diagnosis): string {
  return diagnosisLines(diagnosis).join('\n');
}

function diagnosisLines({ unexplained, possibleStates, states, allowed, repairs }: Diagnosis): readonly string[] {
  const lines: string[] = [];
  if (possibleStates === 0) return ['No initial state of the spec agrees with the binding.'];
  if (unexplained.length > 1) lines.push('None of these events can come next:', '');
  for (const event of unexplained) lines.push(...unexplainedLines(event, possibleStates), '');
  lines.push(`${count(possibleStates, 'state')} of the spec ${possibleStates === 1 ? 'is' : 'are'} possible there:`);
  for (const state of states) lines.push(...stateLines(state, unexplained));
  lines.push('', allowed.length === 0 ? 'The spec allows no step there.' : `The spec allows: ${allowed.join(', ')}`);
  for (const repair of repairs) lines.push(repairLine(repair));
  return lines;
}

function unexplainedLines({ file, line, raw, candidates }: UnexplainedEvent, possible: number): readonly string[] {
  const lines = [`${file}:${line}: nothing explains`, `  ${excerpt(raw, 300)}`];
  for (const candidate of candidates) lines.push('', ...candidateLines(candidate, possible).map((text) => `  ${text}`));
  return lines;
}

function candidateLines(candidate: Candidate, possible: number): readonly string[] {
  const { action, parameters, guard, pick, mismatches, when, reads, states } = candidate;
  const called = showCall(action, parameters);
  const share = possible === 1 ? '' : ` (from ${states} of the states)`;
  if (pick !== undefined) {
    const { name, given, choices } = pick;
    const domain = choices.length === 0 ? 'there is nothing to choose from' : `the choices are ${choices.join(', ')}`;
    return [`${called} is not enabled${share}: ${name} cannot be ${given}; ${domain}`];
  }
  if (when !== undefined) {
    const verb = when === 'before' ? `${called} cannot begin there${share}` : `${called} leads elsewhere${share}`;
    return [
      `${verb}:`,
      ...mismatches.map(({ path, expected, seen }) =>
        // A test of the whole state: the states themselves are shown below.
        path === ''
          ? `  the log says the state ${expected}`
          : `  ${path}: the log says ${expected}, the spec ${excerpt(seen, 2 * mostValueText)}`,
      ),
    ];
  }
  const place = guard?.file === undefined ? '' : ` at ${baseName(guard.file)}:${guard.line}`;
  const lines = [`${called} is not enabled${share}${guard === undefined ? '' : `: a guard fails${place}`}`];
  if (guard?.text !== undefined) lines.push(`  ${guard.text}`);
  for (const { path, seen } of reads.slice(-shownReads))
    lines.push(`  it read ${path} = ${excerpt(seen, mostValueText)}`);
  return lines;
}

/** A state is shown whole where it is small; else what lies around the places that the candidates speak of. */
function stateLines(state: RecordValue, unexplained: readonly UnexplainedEvent[]): readonly string[] {
  const whole = Object.entries(state).map(([name, value]) => `${name} = ${show(value)}`);
  const isSmall = whole.reduce((length, line) => length + line.length, 0) <= mostStateText;
  const lines = isSmall ? whole : [...partsOf(state, unexplained), '… (--json has the whole state)'];
  return lines.map((line, i) => `  ${i === 0 ? '-' : ' '} ${line}`);
}

/** The records in which candidates read, or disagree with the log, with all their fields. */
function partsOf(state: RecordValue, unexplained: readonly UnexplainedEvent[]): readonly string[] {
  const paths = unexplained
    .flatMap(({ candidates }) => candidates)
    .flatMap(({ reads, mismatches }) => [...mismatches, ...reads].map(({ path }) => path.split('.')));
  const parts = new Map<string, Value>();
  for (const path of paths) {
    const around = path.slice(0, -1);
    const found = around.length === 0 ? undefined : valueAt(state, around);
    if (found !== undefined && isRecord(found)) parts.set(around.join('.'), found);
    else if (Object.hasOwn(state, path[0] ?? '')) parts.set(path[0]!, state[path[0]!]!);
  }
  return [...parts].slice(0, shownParts).flatMap(([path, part]) => {
    const fields = isRecord(part) ? Object.entries(part) : [];
    if (fields.length === 0) return [`${path} = ${excerpt(show(part), mostValueText)}`];
    return fields.map(([field, value]) => `${path}.${field} = ${excerpt(show(value), mostValueText)}`);
  });
}

function repairLine({ edit, events, matches, reachesEnd }: Repair): string {
  const [first = '', second = ''] = events;
  const edits = {
    drop: `${first} were left out`,
    duplicate: `${first} stood there twice`,
    swap: `${first} and ${second} were swapped`,
  };
  const then = reachesEnd
    ? 'the rest of the log would be explained'
    : `the next ${count(matches, 'event')} would be explained`;
  return `If ${edits[edit]}, ${then}.`;
}

function stepLine({ action, parameters, event }: MatchedStep, i: number): string {
  const step = action === null ? (i === 0 ? '(initial state)' : '(no step)') : showCall(action, parameters);
  return `  ${i}. ${step}${event === undefined ? '' : `   ${event}`}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}
