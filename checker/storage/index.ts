/** Storage: where a search leaves on disk what it must not lose, or has no room for in memory. */
export { createCheckpoints, resumeCheckpoints, type Resumed, type RunIdentity } from './checkpoint-folder.ts';
export type { Folder } from './reasons.ts';
export { createTapes, type FileTapes } from './file-tapes.ts';
