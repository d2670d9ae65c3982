/** A report as the data of a page: what the page's program reads, and makes the same report of again. */
import { BivalentError } from '../../core/index.ts';
import { fromJson, toJson, type Json, type RecordValue } from '../../value/index.ts';
import { withoutMeasured, type Document } from '../json.ts';
import { behaviourOf, type Behaviour, type FailedProperty, type Report } from '../report.ts';
import { explanationAt } from '../saved.ts';
import { replaced, replacementsFor, type Replacement } from './shared-states.ts';

/** How the spec in a page is bound, as `bind` takes it. */
export interface SpecChoice {
  readonly model?: string;
  readonly mutant?: string;
  readonly constants?: Json;
  readonly deadlock?: boolean;
}

/** Whether the reader can leave the behaviour: how the spec in the page is bound, or why there is none in it. */
export type WhatIf = { readonly choice: SpecChoice } | { readonly absent: string };

type PlainParts = Omit<Report, 'constants' | 'failure' | 'explanation' | 'behaviour' | 'others' | 'page' | 'document'>;

/** What `pick` or `forAll` chose, in that order, which is not the canonical one. */
type Picked = readonly (readonly [name: string, value: Json])[];

interface FailureData extends Omit<FailedProperty, 'parameters' | 'read'> {
  readonly parameters: Picked;
  readonly read: readonly { readonly path: string; readonly value: Json }[];
}

interface StepData {
  readonly action: string | null;
  readonly parameters: Picked;
  readonly event?: string;
  readonly replacements: readonly Replacement[];
}

interface BehaviourData {
  readonly faults: readonly string[];
  readonly steps: readonly StepData[];
  readonly loopsTo?: number;
}

/** What a page holds, as JSON. */
export interface PageData {
  readonly report: PlainParts;
  readonly constants: Json;
  readonly failure?: FailureData;
  readonly behaviour?: BehaviourData;
  /** Counterexamples beside the first. */
  readonly others?: { readonly sentence: string; readonly reports: readonly PageData[] };
  /** The document of the result, without the steps that `behaviour` holds. */
  readonly document: Document;
  readonly whatIf: WhatIf;
}

/**
 * Makes the data of a page.
 *
 * @param measured - whether times and memory are in it, which differ from run to run
 */
export function pageData(report: Report, whatIf: WhatIf, measured: boolean): PageData {
  // The document has the explanation.
  const { constants, failure, explanation: _, behaviour, others, page: __, document, ...plain } = report;
  return {
    report: plain,
    constants: toJson(constants),
    ...(failure !== undefined && { failure: failureData(failure) }),
    ...(behaviour !== undefined && { behaviour: behaviourData(behaviour) }),
    ...(others !== undefined && {
      others: { ...others, reports: others.reports.map((other) => pageData(other, whatIf, measured)) },
    }),
    document: withTrace(measured ? document : withoutMeasured(document), () => []),
    whatIf,
  };
}

/** The report that a page was made of; its document lacks what the page was made without. */
export function reportOfPage(data: PageData): Report {
  const constants = fromJson(data.constants) as RecordValue;
  const { others } = data;
  const { explanation } = data.document;
  const behaviour = data.behaviour && behaviourOfPage(data.behaviour, constants);
  return {
    ...data.report,
    constants,
    ...(data.failure !== undefined && { failure: failureOfPage(data.failure) }),
    ...(explanation !== undefined && { explanation: explanationAt(explanation) }),
    ...(behaviour !== undefined && { behaviour }),
    // They leave out the constants, which are those of the first, and by which one tells who did what.
    ...(others !== undefined && {
      others: {
        ...others,
        reports: others.reports.map((other) => reportOfPage({ ...other, constants: data.constants })),
      },
    }),
    document: withTrace(data.document, () =>
      (behaviour?.steps ?? []).map(({ action, parameters, state }) => ({
        action,
        parameters: toJson(parameters),
        state: toJson(state),
      })),
    ),
  };
}

/** A document with another trace in the place of that of its violation. */
function withTrace(document: Document, trace: () => readonly Document[]): Document {
  const { violation } = document;
  if (typeof violation !== 'object' || violation === null) return document;
  return { ...document, violation: { ...violation, trace: trace() } };
}

function failureData({ parameters, read, ...rest }: FailedProperty): FailureData {
  return {
    ...rest,
    parameters: pickedData(parameters),
    read: read.map(({ path, value }) => ({ path, value: toJson(value) })),
  };
}

function failureOfPage({ parameters, read, ...rest }: FailureData): FailedProperty {
  return {
    ...rest,
    parameters: pickedOfPage(parameters),
    read: read.map(({ path, value }) => ({ path, value: fromJson(value) })),
  };
}

function pickedData(parameters: RecordValue): Picked {
  return Object.entries(parameters).map(([name, value]) => [name, toJson(value)]);
}

function pickedOfPage(picked: Picked): RecordValue {
  return Object.fromEntries(picked.map(([name, json]) => [name, fromJson(json)]));
}

function behaviourData({ steps, loopsTo }: Behaviour): BehaviourData {
  const faults = new Set(steps.map(({ fault }) => fault).filter((fault) => fault !== undefined));
  return {
    faults: [...faults],
    steps: steps.map(({ action, parameters, event, state }, i) => ({
      action,
      parameters: pickedData(parameters),
      ...(event !== undefined && { event }),
      replacements: replacementsFor(steps[i - 1]?.state, state),
    })),
    ...(loopsTo !== undefined && { loopsTo }),
  };
}

function behaviourOfPage({ faults, steps, loopsTo }: BehaviourData, constants: RecordValue): Behaviour {
  let state: RecordValue | undefined;
  const trace = steps.map(({ action, parameters, event, replacements }) => {
    state = replaced(state, replacements);
    return { action, parameters: pickedOfPage(parameters), state, ...(event !== undefined && { event }) };
  });
  return behaviourOf(trace, { constants, faults, ...(loopsTo !== undefined && { loopsTo }) });
}

/**
 * Data as JSON that can stand in a script element: nothing in it ends the element or begins a comment, and no character
 * in it ends a line of a program.
 */
export function embeddedJson(data: PageData): string {
  return JSON.stringify(data).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Reads the data of a page.
 *
 * @throws BivalentError `report/document` where it is none
 */
export function readEmbedded(text: string | null | undefined): PageData {
  if (typeof text === 'string') return JSON.parse(text) as PageData;
  throw new BivalentError('report/document', 'this page holds no report');
}
