/** `bivalent/record`: a tiny logger for programs under test. */
export { Recorder, type Fields, type RecorderOptions, type Stamp } from './recorder.ts';
