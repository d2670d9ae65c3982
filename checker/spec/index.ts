/** Authoring specs, binding them to constants, and the reference semantics. */
export { bind } from './bind.ts';
export type { BindOptions } from './bind.ts';
export { Choices, domainElements } from './choices.ts';
export { majorities, mapOf, nodes, oneOf, range, settings, subsets } from './constants.ts';
export type { Settings } from './constants.ts';
export { defineSpec, each, isSpec, processesOfSpec } from './define-spec.ts';
export type * from './define-spec.ts';
export { everAfter, negated, sometime, takenIn } from './formula.ts';
export type { Formula, FormulaNode, Logic, Operand } from './formula.ts';
export { openDraft } from './immer-draft.ts';
export type { OpenDraft } from './immer-draft.ts';
export { listOf, parseConstant, suggestion } from './override.ts';
export { evaluate, stepsOf, successors } from './reference.ts';
export type { Evaluation, Step } from './reference.ts';
export { noChoice } from './system.ts';
export type {
  BoundNodes,
  BoundRefinement,
  Choose,
  FairnessCondition,
  PartPath,
  Process,
  Processes,
  Routine,
  RoutineKind,
  System,
  TemporalProperty,
} from './system.ts';
export { watched } from './watched.ts';
export type { NoteRead } from './watched.ts';
export { watchingGuards, when } from './when.ts';
