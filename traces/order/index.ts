/** The order of a log's events: clocks, messages, rules of fields, happened-before, pictures. */
export { AvailabilityMeter, type AvailabilityEvents, type NodeAvailability } from './availability.ts';
export { ClockTable } from './clock-table.ts';
export { atMostOne, monotone, type FieldRule, type UniqueRule } from './field-rules.ts';
export { findingText, type Finding, type FindingKind } from './finding.ts';
export { HappenedBefore } from './happened-before.ts';
export { MessageCheck } from './messages.ts';
export { dotText, happenedBeforeGraph, shivizText, svgText } from './pictures.ts';
export { VectorClockCheck, type ClockOptions, type ClockReport } from './vector-clocks.ts';
export {
  inspectLog,
  type Concurrency,
  type InspectedCheck,
  type Inspection,
  type InspectionOptions,
} from './inspection.ts';
export { inspectionText } from './inspection-text.ts';
