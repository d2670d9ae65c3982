/** Results and errors as documents for programs, as the JSON Schema in `schema/` describes them. */
import type { BivalentError } from '../core/index.ts';
import type { CheckResult, Violation } from '../explore/index.ts';
import { canonical, toJson } from '../value/index.ts';
import type { Distinct } from './distinct.ts';
import type { Explanation } from './explanation.ts';

/** Goes up when a document changes in a way that a reader of the one before could not know. */
export const schemaVersion = 1;

/** A JSON document: plain data, for `JSON.stringify`. */
export type Document = Readonly<Record<string, unknown>>;

/** The parts of documents that differ from run to run. */
const measured = [
  'learning',
  'seconds',
  'statesPerSecond',
  'bytesPerState',
  'peakMemoryBytes',
  'disk',
  'samples',
] as const;

/** A result that may have been saved without what differs from run to run. */
export type SavedResult = Omit<CheckResult, (typeof measured)[number]> & Partial<CheckResult>;

/** A document without what differs from run to run: equal results give equal ones. */
export function withoutMeasured(document: Document): Document {
  const names: readonly string[] = measured;
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
}

/** What is known of a result beside itself. */
interface KnownBeside {
  readonly command?: string;
  readonly explanation?: Explanation;
  readonly distinct?: Distinct;
}

/** A result as a document. Values are written as `toJson` writes them: `{"#set": [...]}` and so on. */
export function checkDocument(result: SavedResult, { command, explanation, distinct }: KnownBeside = {}): Document {
  const { spec, constants, violation, ...rest } = result;
  return {
    schemaVersion,
    spec,
    constants: toJson(constants),
    ...rest,
    ...(violation === undefined ? {} : { violation: violationDocument(violation) }),
    ...(explanation === undefined ? {} : { explanation: explanationDocument(explanation) }),
    ...(distinct === undefined ? {} : { distinct: distinctDocument(distinct) }),
    ...(command === undefined ? {} : { command }),
  };
}

function distinctDocument({ by, sentence, counterexamples }: Distinct): Document {
  return {
    by,
    sentence,
    counterexamples: counterexamples.map(({ violation, explanation }) => ({
      violation: violationDocument(violation),
      ...(explanation !== undefined && { explanation: explanationDocument(explanation) }),
    })),
  };
}

function explanationDocument({ elements, ...explanation }: Explanation): Document {
  return {
    ...explanation,
    elements: elements.map(({ quantifier, elements: chain }) => ({
      quantifier,
      elements: chain.map(({ name, element }) => ({ name, element: toJson(element) })),
    })),
  };
}

function violationDocument({ kind, name, parameters, read, trace, loopsTo, abstract }: Violation): Document {
  return {
    kind,
    name,
    parameters: toJson(parameters),
    read: read.map(({ path, value }) => ({ path, value: toJson(value) })),
    trace: trace.map((step) => ({
      action: step.action,
      parameters: toJson(step.parameters),
      state: toJson(step.state),
    })),
    ...(loopsTo === undefined ? {} : { loopsTo }),
    ...(abstract === undefined ? {} : { abstract: abstract.map(toJson) }),
  };
}

/** An error as a document: `result` is `"error"`, and what is known of the place is there. */
export function errorDocument({ code, message, details }: BivalentError): Document {
  const { parameters, state, ...place } = details;
  return {
    schemaVersion,
    result: 'error',
    error: {
      code,
      message,
      ...place,
      ...(parameters === undefined ? {} : { parameters: toJson(canonical(parameters)) }),
      ...(state === undefined ? {} : { state: toJson(canonical(state)) }),
    },
  };
}
