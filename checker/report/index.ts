/**
 * Reports: a result, written down for people or for programs.
 *
 * This is the door `bivalent/report`.
 */
export { dependencyDot, dependencyGraph } from './dependency-graph.ts';
export { distinctSearch, distinctSentence } from './distinct.ts';
export type { Distinct, DistinctBy, DistinctSearch } from './distinct.ts';
export { dotString } from './dot-string.ts';
export { errorText } from './error-text.ts';
export type { ErrorTextOptions } from './error-text.ts';
export type { BlockedAction } from './blocked.ts';
export type { CodePlace, PlaceOptions } from './code-places.ts';
export { explain } from './explanation.ts';
export type { DecidingElements, ExplainOptions, Explanation, PossibleStep, SeenValue } from './explanation.ts';
export { unexpected } from './expectation.ts';
export type { PageParts } from './html/html-report.ts';
export type { SpecChoice, WhatIf } from './html/page-data.ts';
export { isItf, itfTraceReport } from './itf.ts';
export { checkDocument, errorDocument, schemaVersion } from './json.ts';
export type { Document, SavedResult } from './json.ts';
export { behaviourOf, checkReport } from './report.ts';
export type {
  Behaviour,
  BehaviourOptions,
  FailedProperty,
  Figure,
  Finding,
  Outcome,
  Report,
  ReportKind,
  ReportOptions,
  ReportStep,
} from './report.ts';
export { minimise } from './minimal.ts';
export type { Compared, Minimised } from './minimal.ts';
export { regressionTest } from './regression-test.ts';
export { replay } from './replay.ts';
export type { Counterexample, ImpossibleStep, Replay } from './replay.ts';
export { replayDocument, replayText } from './replay-text.ts';
export { resultOfDocument, savedConstants, savedCounterexample, savedReport } from './saved.ts';
export type { Happening, Message, SpaceTime } from './space-time.ts';
export { allAsExpected, trialsDocument, trialsText } from './trials.ts';
export type { Trial } from './trials.ts';
export { specsText } from './specs.ts';
export type { ListedSpec } from './specs.ts';
export { mostStatesInDot, mostStatesInSvg, stateGraphDot, stateGraphSvg } from './state-graph/index.ts';
export { plainReport, textReport } from './text.ts';
export type { TextOptions } from './text.ts';
export { writerFor, writers } from './writers.ts';
export type { WriteOptions, Writer } from './writers.ts';
export { escapeXml } from './xml.ts';
