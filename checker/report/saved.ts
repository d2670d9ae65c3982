/** Reads back what was saved: a result from the document that `--json` printed or `--report` wrote. */
import { BivalentError } from '../core/index.ts';
import {
  sampled,
  type CheckResult,
  type ReadOfState,
  type Sample,
  type TraceStep,
  type Verdict,
  type Violation,
  type ViolationKind,
} from '../explore/index.ts';
import type { Spec } from '../spec/index.ts';
import { fromJson, isRecord, type RecordValue } from '../value/index.ts';
import type { Distinct, DistinctBy } from './distinct.ts';
import type { Explanation } from './explanation.ts';
import { schemaVersion, type SavedResult } from './json.ts';
import type { Counterexample } from './replay.ts';
import { checkReport, type Report } from './report.ts';

/** What `JSON.parse` gave, where it is an object. */
type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The report of a saved check or simulation.
 *
 * @param document - what `JSON.parse` gave
 * @throws BivalentError `report/document` where it is no such document, with the part that is wrong
 */
export function savedReport(document: unknown): Report {
  const result = resultOfDocument(document);
  const { command, explanation, distinct } = document as JsonObject;
  return checkReport(result, {
    ...(typeof command === 'string' && { command }),
    ...(explanation !== undefined && { explanation: explanationAt(explanation) }),
    ...(distinct !== undefined && { distinct: distinctAt(distinct) }),
  });
}

/**
 * The result that a document holds; times and memory are absent where they were not saved.
 *
 * @param document - what `JSON.parse` gave
 * @throws BivalentError `report/document`
 */
export function resultOfDocument(document: unknown): SavedResult {
  const saved = objectAt(document, 'the document');
  if (saved['schemaVersion'] !== schemaVersion) {
    throw wrong(
      `its schemaVersion is ${JSON.stringify(saved['schemaVersion'])}, and this program reads ${schemaVersion}`,
    );
  }
  const { constants, violation, spec, result, samples, swarm, fingerprints } = saved;
  if (typeof spec !== 'string' || !verdicts.includes(result as Verdict)) {
    throw wrong('it has no spec with a result of a check or a simulation');
  }
  for (const count of ['distinctStates', 'generatedStates', 'skipped', 'depth']) {
    if (typeof saved[count] !== 'number') throw wrong(`${count} is not a number`);
  }
  objectAt(saved['actions'], 'actions');
  objectAt(saved['faults'], 'faults');
  if (swarm !== undefined) requireNumbers(swarm, 'swarm', ['visited']);
  if (fingerprints !== undefined)
    requireNumbers(fingerprints, 'fingerprints', ['bits', 'calculated', 'birthday', 'observed']);
  const { schemaVersion: _, command: __, explanation: ___, distinct: ____, ...rest } = saved;
  return {
    ...(rest as unknown as CheckResult),
    constants: recordAt(constants, 'constants'),
    ...(violation !== undefined && { violation: violationAt(violation) }),
    ...(samples !== undefined && { samples: samplesAt(samples) }),
  };
}

/**
 * The counterexample that a document holds, to be replayed. The states of its steps need not be there.
 *
 * @param document - what `JSON.parse` gave
 * @throws BivalentError `report/document` where it holds none
 */
export function savedCounterexample(document: unknown): Counterexample {
  const { violation } = objectAt(document, 'the document');
  if (violation === undefined) throw wrong('it holds no violation');
  const { kind, name, trace } = objectAt(violation, 'violation');
  if (typeof name !== 'string' || typeof kind !== 'string') throw wrong('violation has no kind and name');
  const steps = arrayAt(trace, 'violation.trace').map((json, i) => {
    const { state } = objectAt(json, `violation.trace[${i}]`);
    return state === undefined ? namedStepAt(json, i) : stepAt(json, i);
  });
  if (steps.length === 0) throw wrong('violation.trace is empty: there is nothing to replay');
  return { kind: kind as ViolationKind, name, trace: steps };
}

/**
 * The constants that a document holds, of those that a spec still has.
 *
 * @throws BivalentError `report/document`
 */
export function savedConstants(document: unknown, spec: Spec): RecordValue {
  const { constants = {} } = objectAt(document, 'the document');
  const declared = spec.definition.constants ?? {};
  const kept = Object.entries(recordAt(constants, 'constants')).filter(([name]) => Object.hasOwn(declared, name));
  return Object.fromEntries(kept);
}

const verdicts: readonly Verdict[] = ['ok', 'violation', 'incomplete', 'sampled'];

function violationAt(json: unknown): Violation {
  const { kind, name, parameters, read, trace, loopsTo, abstract } = objectAt(json, 'violation');
  const steps = arrayAt(trace, 'violation.trace').map(stepAt);
  if (typeof name !== 'string' || typeof kind !== 'string') throw wrong('violation has no kind and name');
  if (steps.length === 0 && kind !== 'reachability') throw wrong('violation.trace is empty');
  const isLasso = loopsTo !== undefined;
  if (isLasso && !(Number.isInteger(loopsTo) && (loopsTo as number) >= 0 && (loopsTo as number) < steps.length)) {
    throw wrong('violation.loopsTo is not the index of a state of the trace');
  }
  return {
    kind: kind as ViolationKind,
    name,
    parameters: picksAt(parameters, 'violation.parameters'),
    read: arrayAt(read, 'violation.read').map(readAt),
    trace: steps,
    ...(isLasso && { loopsTo: loopsTo as number }),
    ...(abstract !== undefined && {
      abstract: arrayAt(abstract, 'violation.abstract').map((state, i) => recordAt(state, `violation.abstract[${i}]`)),
    }),
  };
}

function distinctAt(json: unknown): Distinct {
  const { by, sentence, counterexamples } = objectAt(json, 'distinct');
  return {
    by: by as DistinctBy,
    sentence: String(sentence),
    counterexamples: arrayAt(counterexamples, 'distinct.counterexamples').map((one, i) => {
      const { violation, explanation } = objectAt(one, `distinct.counterexamples[${i}]`);
      return {
        violation: violationAt(violation),
        ...(explanation !== undefined && { explanation: explanationAt(explanation) }),
      };
    }),
  };
}

/**
 * The samples that a document holds.
 *
 * @throws BivalentError `report/document`
 */
export function samplesAt(json: unknown): readonly Sample[] {
  return arrayAt(json, 'samples').map((one, i) => {
    const sample = objectAt(one, `samples[${i}]`);
    requireNumbers(sample, `samples[${i}]`, sampled);
    return sample as Sample;
  });
}

/**
 * The explanation that a document holds. Its places and counts are taken as they are; they are only shown.
 *
 * @throws BivalentError `report/document`
 */
export function explanationAt(json: unknown): Explanation {
  const explanation = objectAt(json, 'explanation') as unknown as Explanation;
  const elements = arrayAt(explanation.elements, 'explanation.elements').map((deciding, i) => {
    const place = `explanation.elements[${i}]`;
    const { quantifier, elements: chain } = objectAt(deciding, place);
    const named = arrayAt(chain, `${place}.elements`).map((one, k) => {
      const { name, element } = objectAt(one, `${place}.elements[${k}]`);
      return { name: String(name), element: valueAt(element, `${place}.elements[${k}].element`) };
    });
    return { quantifier: quantifier === 'some' ? ('some' as const) : ('every' as const), elements: named };
  });
  return { ...explanation, elements };
}

function stepAt(json: unknown, i: number): TraceStep {
  const { state } = objectAt(json, `violation.trace[${i}]`);
  return { ...namedStepAt(json, i), state: recordAt(state, `violation.trace[${i}].state`) };
}

function namedStepAt(json: unknown, i: number): Omit<TraceStep, 'state'> {
  const place = `violation.trace[${i}]`;
  const { action, parameters } = objectAt(json, place);
  if (action !== null && typeof action !== 'string') throw wrong(`${place}.action is neither a name nor null`);
  return { action, parameters: picksAt(parameters, `${place}.parameters`) };
}

function readAt(json: unknown, i: number): ReadOfState {
  const { path, value } = objectAt(json, `violation.read[${i}]`);
  if (typeof path !== 'string') throw wrong(`violation.read[${i}].path is not a text`);
  return { path, value: valueAt(value, `violation.read[${i}].value`) };
}

function requireNumbers(json: unknown, place: string, names: readonly string[]): void {
  const object = objectAt(json, place);
  const unknown = names.find((name) => !Number.isFinite(object[name]));
  if (unknown !== undefined) throw wrong(`${place}.${unknown} is not a number`);
}

function objectAt(json: unknown, place: string): JsonObject {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw wrong(`${place} is not an object`);
}

function arrayAt(json: unknown, place: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw wrong(`${place} is not a list`);
}

function recordAt(json: unknown, place: string): RecordValue {
  const value = valueAt(objectAt(json, place), place);
  if (isRecord(value)) return value;
  throw wrong(`${place} is not a record`);
}

/** What was picked, in the order in which it was, which is not that of records. */
function picksAt(json: unknown, place: string): RecordValue {
  const picked = recordAt(json, place);
  const names = Object.keys(objectAt(json, place)).filter((name) => Object.hasOwn(picked, name));
  return names.length === Object.keys(picked).length
    ? Object.fromEntries(names.map((name) => [name, picked[name]!]))
    : picked;
}

function valueAt(json: unknown, place: string): ReturnType<typeof fromJson> {
  try {
    return fromJson(json);
  } catch (error) {
    if (!(error instanceof BivalentError)) throw error;
    throw wrong(`${place} holds ${error.message}`);
  }
}

function wrong(what: string): BivalentError {
  return new BivalentError(
    'report/document',
    `not a saved result: ${what}; save one with --json, or with --report result.json`,
  );
}
