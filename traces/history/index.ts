/** Client histories from files: reading them, judging them, and showing why. */
export {
  judgeHistory,
  type HistoryFinding,
  type HistoryVerdict,
  type JudgeOptions,
  type PartVerdict,
} from './judge.ts';
export {
  consistencies,
  modelNamed,
  modelNames,
  objectConsistencies,
  type Consistency,
  type HistoryModel,
  type ModelOptions,
  type ObjectConsistency,
} from './models.ts';
export { historyFormats, readHistory, readHistoryFile, type HistoryFormat, type HistoryLog } from './read-history.ts';
export { historyDocument } from './document.ts';
export { historyReport, verdictOfDocument } from './history-report.ts';
export { timelineSvg, timelineText, type TimelineOptions } from './timeline.ts';
export { transactionHistory } from './transactions.ts';
export { historyHtml, historySvg, historyText } from './verdict-text.ts';
