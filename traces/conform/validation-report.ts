/** A validation as a report, for the writers that all results share. */
import { behaviourOf, type Finding, type Report, type ReportOptions } from '../../checker/report/index.ts';
import { showCall } from '../../checker/value/index.ts';
import { validationDocument } from './document.ts';
import { diagnosisText, headline } from './validation-text.ts';
import type { Validation } from './validation.ts';

const outcomes = { valid: 'holds', invalid: 'violated', inconclusive: 'undecided' } as const;

/** The report of a validation; the behaviour is in it where the validation kept it. */
export function validationReport(validation: Validation, { command }: ReportOptions = {}): Report {
  const { spec, constants, result, behaviour, events, ignored, explained } = validation;
  const known = command === undefined ? {} : { command };
  const figures = Object.entries({ events, 'events passed over': ignored, 'events explained': explained });
  return {
    kind: 'validation',
    subject: spec,
    constants,
    outcome: outcomes[result],
    headline: headline(validation),
    notes: [],
    figures: figures.map(([name, value]) => ({ name, value, text: `${value.toLocaleString('en-US')} ${name}` })),
    ...(behaviour !== undefined && { behaviour: behaviourOf(behaviour, { constants, faults: [] }) }),
    findings: findingsOf(validation),
    ...known,
    document: { ...validationDocument(validation), ...known },
  };
}

function findingsOf({ brokenInvariant, diagnosis }: Validation): readonly Finding[] {
  const findings: Finding[] = [];
  if (brokenInvariant !== undefined) {
    const { name, parameters, event = 'the initial state' } = brokenInvariant;
    findings.push({ title: 'An invariant is false', text: `After ${event} ${showCall(name, parameters)} is false.` });
  }
  if (diagnosis !== undefined) findings.push({ title: 'Why the log is invalid', text: diagnosisText(diagnosis) });
  return findings;
}
