/** A validation as a JSON document, as `validation.schema.json` describes it, and back. */
import { BivalentError } from '../../checker/core/index.ts';
import { fromJson, isRecord, toJson, type RecordValue } from '../../checker/value/index.ts';
import type { Candidate, Diagnosis, MatchedStep, UnexplainedEvent, Validation } from './validation.ts';

/** The document, with states in the JSON form of values. */
export function validationDocument(validation: Validation): Readonly<Record<string, unknown>> {
  const { diagnosis, behaviour, brokenInvariant, ...rest } = validation;
  return {
    schemaVersion: 1,
    ...rest,
    constants: toJson(rest.constants),
    ...(behaviour && {
      behaviour: behaviour.map((step) => ({
        ...step,
        parameters: toJson(step.parameters),
        state: toJson(step.state),
      })),
    }),
    ...(brokenInvariant && {
      brokenInvariant: { ...brokenInvariant, parameters: toJson(brokenInvariant.parameters) },
    }),
    ...(diagnosis && {
      diagnosis: {
        ...diagnosis,
        states: diagnosis.states.map(toJson),
        unexplained: diagnosis.unexplained.map((event) => ({
          ...event,
          candidates: event.candidates.map((candidate) => ({ ...candidate, parameters: toJson(candidate.parameters) })),
        })),
      },
    }),
  };
}

/** What `JSON.parse` gives where values were written as `toJson` writes them. */
type Saved<T> = { readonly [K in keyof T]: unknown };

/**
 * The validation that a document holds.
 *
 * @param document - what `JSON.parse` gave
 * @throws BivalentError `report/document` where it is none
 */
export function validationOfDocument(document: Readonly<Record<string, unknown>>): Validation {
  try {
    const { schemaVersion: _, command: __, constants, behaviour, brokenInvariant, diagnosis, ...rest } = document;
    return {
      seconds: 0,
      ...(rest as unknown as Omit<Validation, 'seconds'>),
      constants: record(constants),
      ...(behaviour !== undefined && { behaviour: (behaviour as Saved<MatchedStep>[]).map(matchedStep) }),
      ...(brokenInvariant !== undefined && { brokenInvariant: withParameters(brokenInvariant as never) }),
      ...(diagnosis !== undefined && { diagnosis: diagnosisOf(diagnosis as Diagnosis) }),
    };
  } catch (error) {
    if (!(error instanceof BivalentError || error instanceof TypeError)) throw error;
    throw new BivalentError('report/document', `not a saved validation: ${error.message}`, {}, { cause: error });
  }
}

function matchedStep(step: Saved<MatchedStep>): MatchedStep {
  return { ...(step as MatchedStep), parameters: record(step.parameters), state: record(step.state) };
}

function diagnosisOf(diagnosis: Diagnosis): Diagnosis {
  return {
    ...diagnosis,
    states: diagnosis.states.map(record),
    unexplained: diagnosis.unexplained.map((event): UnexplainedEvent => ({
      ...event,
      candidates: event.candidates.map(withParameters<Candidate>),
    })),
  };
}

function withParameters<T extends { readonly parameters: RecordValue }>(saved: T): T {
  return { ...saved, parameters: record(saved.parameters) };
}

function record(json: unknown): RecordValue {
  const value = fromJson(json);
  if (isRecord(value)) return value;
  throw new BivalentError('report/document', `${JSON.stringify(json)} where a record belongs`);
}
