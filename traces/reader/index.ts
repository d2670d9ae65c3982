/** Reading logs: sources, lines, and one reader a format. */
export { csv, readRows, type CsvRow } from './csv.ts';
export type { FieldMap, Format, ReadOptions } from './format.ts';
export { formatNamed, formats, readEvents, recogniseFormat } from './formats.ts';
export { itfValue } from './itf.ts';
export { readLines, type Line, type LineOptions } from './lines.ts';
export { LogError, excerpt, type LogErrorCode, type LogPlace } from './log-error.ts';
export { fileSource, openSources, readAll, readHead, textSource, type Source } from './source.ts';
export { parseTla, type TlaValue } from './tla-value.ts';
export { updatesOf, type VariableUpdate } from './trace-validation.ts';
export { readHistoryCsv, type CsvHistory } from './history-csv.ts';
export { readJepsenEdn, readJepsenJson, readJepsenLog } from './jepsen.ts';
export { readCobra, readDbcop, readPolysi, readTransactionLines, type TransactionLog } from './transaction-log.ts';
export { readArangoLog } from './version-order.ts';
