/** What a log is made of: events, exact JSON, and times. */
export {
  fieldAt,
  placeOf,
  valueAt,
  type LogEvent,
  type MessageLink,
  type Timestamp,
  type VectorClock,
} from './event.ts';
export { isJsonRecord, jsonText, parseJson, type JsonRecord, type JsonValue } from './json.ts';
export { nanosecondsOf } from './time.ts';
