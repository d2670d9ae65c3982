/** Does a log conform to a spec: bindings, the search for a behaviour that explains it, and the diagnosis. */
export {
  defineBinding,
  isBinding,
  type Binding,
  type BindingDefinition,
  type EventRule,
  type Explanation,
  type Explanations,
  type HiddenSteps,
  type OrderRule,
  type RuleFor,
  type StateIn,
  type RuleConstants,
} from './binding.ts';
export { holds, Test, type Mismatch, type Observation } from './observation.ts';
export { updated, type Update } from './updates.ts';
export { validationDocument, validationOfDocument } from './document.ts';
export { validationReport } from './validation-report.ts';
export { validationText } from './validation-text.ts';
export { validate, type ValidationOptions } from './validate.ts';
export type {
  BrokenInvariant,
  Candidate,
  Diagnosis,
  MatchedStep,
  Repair,
  UnexplainedEvent,
  Validation,
} from './validation.ts';
