/**
 * A report: one result, ready to be written.
 *
 * Whatever gave it (a check, random walks, a log, a client history, a trace of another tool), writers find the same parts
 * here, and those that a result has not are absent. Equal results give equal reports: what differs from run to run (times,
 * memory, how often user code was called) is in `document` only, and is written only where it is asked for.
 */
import type { CheckResult, ReadOfState, TraceStep, ViolationKind } from '../explore/index.ts';
import { equal, show, showCall, type RecordValue } from '../value/index.ts';
import { neverTaken, type Coverage } from './coverage.ts';
import type { Distinct } from './distinct.ts';
import type { Explanation } from './explanation.ts';
import { faultsLine } from './fault-words.ts';
import { checkDocument, type Document, type SavedResult } from './json.ts';
import { number } from './number-text.ts';
import { spaceTimeOf, type Happening, type SpaceTime } from './space-time.ts';
import { verdictPhrase } from './verdict.ts';

/** What a report is about. */
export type ReportKind = 'check' | 'validation' | 'history' | 'trace';

/** How it came out, in one word for all kinds: `undecided` is a limit, a sample, or an inconclusive search. */
export type Outcome = 'holds' | 'violated' | 'undecided';

/** A figure with its name, and as text: `distinct states`, 1234, `1,234 distinct states`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** One state of a behaviour, and the step that led to it. */
export interface ReportStep extends Happening {
  /** Its number: 0 for the initial state. */
  readonly index: number;
  /** `null` for an initial state, and for a step of which the action is not known. */
  readonly action: string | null;
  readonly parameters: RecordValue;
  readonly state: RecordValue;
  /** The step as text: `rmPrepare(rm=rm2)`, `initial state`. */
  readonly name: string;
  /** The fault that it is, where it is one. */
  readonly fault?: string;
  /** Of a log: the event that it explains, as `file:line`. */
  readonly event?: string;
}

/** A sequence of states: a counterexample, or the behaviour that explains a log. */
export interface Behaviour extends Pick<SpaceTime, 'lanes' | 'messages'> {
  readonly steps: readonly ReportStep[];
  /** Of a lasso: the number of the state to which the last one returns. */
  readonly loopsTo?: number;
}

/** A property that fails. */
export interface FailedProperty {
  readonly kind: ViolationKind;
  readonly name: string;
  readonly parameters: RecordValue;
  /** What it read in the last state. */
  readonly read: readonly ReadOfState[];
  /** What happened, as a sentence: `agreement is false in state 6`. */
  readonly sentence: string;
}

/** Something to be told beside the behaviour: an event that nothing explains, an anomaly. */
export interface Finding {
  readonly title: string;
  /** Lines of text, written in a fixed-width font. */
  readonly text: string;
}

/** One result, ready to be written. */
export interface Report {
  readonly kind: ReportKind;
  /** The name that the spec gives itself; of a history its model; of a trace its file. */
  readonly subject: string;
  readonly constants: RecordValue;
  readonly outcome: Outcome;
  /** The verdict in one line: `Mutex violates mutualExclusion after 2 steps`. */
  readonly headline: string;
  /** One sentence: why it is undecided, what was sampled, on which random walk a violation was found. */
  readonly reason?: string;
  /** What else must be known with the verdict: what was not judged, actions that were never taken, faults that never happened. */
  readonly notes: readonly string[];
  /** Figures that are the same for the same result. */
  readonly figures: readonly Figure[];
  readonly failure?: FailedProperty;
  /** Why it fails, as far as running the spec's code once more tells. */
  readonly explanation?: Explanation;
  readonly behaviour?: Behaviour;
  /** The faults of the behaviour in one line: `2 crashes, 1 lost message`; absent where there are none. */
  readonly faults?: string;
  readonly findings: readonly Finding[];
  /** How often each action was taken, and each fault that the configuration allows. */
  readonly coverage?: Coverage;
  /** Counterexamples beside the first, each a report of its own without figures. */
  readonly others?: { readonly sentence: string; readonly reports: readonly Report[] };
  /** How many states each level has, the initial states first. */
  readonly levels?: readonly number[];
  /** The command that gives this result again. */
  readonly command?: string;
  /** A picture that goes with it, as an SVG document. */
  readonly picture?: string;
  /** A page that shows it, as an HTML document, where it comes with one of its own. */
  readonly page?: string;
  /** The result as `--json` prints it. */
  readonly document: Document;
}

/** What is known of a result beside itself. */
export interface ReportOptions {
  /** The command that gives this result again. */
  readonly command?: string;
  /** Of a violation, what `explain` gave. */
  readonly explanation?: Explanation;
  /** Counterexamples beside the one of the result. */
  readonly distinct?: Distinct;
}

/** The report of a check or a simulation. */
export function checkReport(result: SavedResult, { command, explanation, distinct }: ReportOptions = {}): Report {
  const { spec, constants, violation, actions, faults } = result;
  const known = { ...(command !== undefined && { command }), ...(explanation !== undefined && { explanation }) };
  const others = distinct === undefined ? {} : { others: othersOf(result, distinct) };
  const trace = violation?.trace ?? [];
  const faultsOfTrace = faultsLine(trace, Object.keys(faults));
  return {
    kind: 'check',
    subject: spec,
    constants,
    outcome: violation !== undefined ? 'violated' : result.result === 'ok' ? 'holds' : 'undecided',
    headline: `${spec}${verdictPhrase(result)}`,
    ...(result.reason !== undefined && { reason: result.reason }),
    notes: [...(result.notes ?? []), ...notesOf({ actions, faults }), ...fingerprintNotes(result)],
    figures: figuresOf(result),
    ...(violation !== undefined && { failure: failureOf(violation) }),
    ...(trace.length > 0 && {
      behaviour: behaviourOf(trace, {
        constants,
        faults: Object.keys(faults),
        ...(violation?.loopsTo !== undefined && { loopsTo: violation.loopsTo }),
      }),
    }),
    ...(faultsOfTrace !== undefined && { faults: faultsOfTrace }),
    findings: violation?.abstract === undefined ? [] : [abstractStates(violation.abstract)],
    coverage: { actions, faults },
    ...(result.levels !== undefined && { levels: result.levels }),
    ...known,
    ...others,
    document: checkDocument(result, { ...known, ...(distinct !== undefined && { distinct }) }),
  };
}

/** Reports of the other counterexamples: of what was looked at, the first one tells. */
function othersOf(result: SavedResult, { sentence, counterexamples }: Distinct): NonNullable<Report['others']> {
  const reports = counterexamples.map(({ violation, explanation }): Report => {
    const { reason: _, ...alone } = result;
    const report = checkReport({ ...alone, violation }, explanation === undefined ? {} : { explanation });
    const { coverage: __, ...rest } = report;
    return { ...rest, figures: [], notes: [], constants: {} };
  });
  return { sentence, reports };
}

/** What is known of a behaviour beside its states. */
export interface BehaviourOptions {
  readonly constants: RecordValue;
  /** The actions that are faults. */
  readonly faults: readonly string[];
  readonly loopsTo?: number;
}

/** A behaviour with who did what; `event` of a step is kept. */
export function behaviourOf(
  trace: readonly (TraceStep & { readonly event?: string })[],
  { constants, faults, loopsTo }: BehaviourOptions,
): Behaviour {
  const { lanes, messages, happenings } = spaceTimeOf(trace, constants);
  const steps = trace.map((step, index): ReportStep => {
    const { action, parameters } = step;
    const rests = index > 0 && equal(step.state, trace[index - 1]!.state);
    const unnamed = index === 0 ? 'initial state' : rests ? 'nothing changes' : 'step';
    return {
      index,
      ...step,
      ...happenings[index]!,
      name: action === null ? unnamed : showCall(action, parameters),
      ...(action !== null && faults.includes(action) && { fault: action }),
    };
  });
  return { lanes, messages, steps, ...(loopsTo !== undefined && { loopsTo }) };
}

function failureOf({
  kind,
  name,
  parameters,
  read,
  trace,
  loopsTo,
}: NonNullable<CheckResult['violation']>): FailedProperty {
  const last = trace.length - 1;
  const called = showCall(name, parameters);
  const sentences: Partial<Record<ViolationKind, string>> = {
    deadlock: `No action is enabled in state ${last}, and it is not one in which the spec may end`,
    transition: `${called} is false in the step from state ${last - 1} to ${last}`,
    temporal: `${called} does not hold of this behaviour${endless(last, loopsTo)}`,
    refinement: refinementSentence(called, last, loopsTo),
    reachability: `${called} is true of no reachable state`,
  };
  return { kind, name, parameters, read, sentence: sentences[kind] ?? `${called} is false in state ${last}` };
}

/** How a lasso goes on for ever, as the end of a sentence. */
function endless(last: number, loopsTo: number | undefined): string {
  if (loopsTo === undefined) return '';
  return loopsTo === last
    ? `, which stays in state ${last} for ever`
    : `, which repeats the steps after state ${loopsTo} for ever`;
}

function refinementSentence(called: string, last: number, loopsTo: number | undefined): string {
  if (loopsTo !== undefined) return `${called}: the abstract spec has no such fair behaviour${endless(last, loopsTo)}`;
  if (last === 0) return `${called}: the abstract spec has no such initial state`;
  return `${called}: the abstract spec has no such step as that from state ${last - 1} to ${last}`;
}

/** What the states of a behaviour are in the abstract spec: where it changes. */
function abstractStates(states: readonly RecordValue[]): Finding {
  const lines = states.map((state, i) => `state ${i}: ${show(state)}`);
  const changed = lines.filter((_, i) => i === 0 || !equal(states[i]!, states[i - 1]!));
  return { title: 'In the abstract spec:', text: changed.join('\n') };
}

function notesOf(coverage: Coverage): readonly string[] {
  const { idle, unused } = neverTaken(coverage);
  return [
    ...(idle.length === 0 ? [] : [`never enabled: ${idle.join(', ')}`]),
    ...(unused.length === 0 ? [] : [`faults that never happened: ${unused.join(', ')}`]),
  ];
}

/** What an answer without a counterexample is worth that rests on fingerprints. */
function fingerprintNotes({ fingerprints, violation }: SavedResult): readonly string[] {
  if (fingerprints === undefined || violation !== undefined) return [];
  const { bits, calculated, birthday, observed } = fingerprints;
  const [a, b, c] = [calculated, birthday, observed].map((probability) => probability.toExponential(1));
  return [
    `states were told apart by fingerprints of ${bits} bits; the probability that two states had the same: ${a} calculated, ${b} for random numbers, ${c} observed`,
  ];
}

function figuresOf({ distinctStates, generatedStates, skipped, depth, seed, swarm }: SavedResult): readonly Figure[] {
  const atLeast = swarm?.isExact === false ? 'at least ' : '';
  return [
    { name: 'distinct states', value: distinctStates, text: `${atLeast}${number(distinctStates)} distinct states` },
    ...(swarm === undefined
      ? []
      : [{ name: 'visited states', value: swarm.visited, text: `${number(swarm.visited)} visited` }]),
    { name: 'generated states', value: generatedStates, text: `${number(generatedStates)} generated` },
    ...(skipped > 0 ? [{ name: 'skipped steps', value: skipped, text: `${number(skipped)} skipped` }] : []),
    { name: 'depth', value: depth, text: `depth ${number(depth)}` },
    ...(seed === undefined ? [] : [{ name: 'seed', value: seed, text: `seed ${seed}` }]),
  ];
}
