/**
 * Reports: a result, written down for people or for programs.
 *
 * This is the door `bivalent/report`.
 */
export { dependencyDot, dependencyGraph } from './dependency-graph.ts';
export { errorText } from './error-text.ts';
export type { ErrorTextOptions } from './error-text.ts';
export { unexpected } from './expectation.ts';
export { checkDocument, errorDocument, schemaVersion } from './json.ts';
export type { Document } from './json.ts';
export { allAsExpected, trialsDocument, trialsText } from './trials.ts';
export type { Trial } from './trials.ts';
export { specsText } from './specs.ts';
export type { ListedSpec } from './specs.ts';
export { textReport } from './text.ts';
export type { TextOptions } from './text.ts';
