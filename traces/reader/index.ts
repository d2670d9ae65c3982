/** Reading logs: sources, lines, and one reader a format. */
export { LogError, excerpt, type LogErrorCode, type LogPlace } from './log-error.ts';
export { readLines, type Line, type LineOptions } from './lines.ts';
export { fileSource, openSources, readAll, readHead, textSource, type Source } from './source.ts';
