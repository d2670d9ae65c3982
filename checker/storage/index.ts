/** Storage: where a search leaves on disk what it must not lose, or has no room for in memory. */
export {
  createCheckpoints,
  resumeCheckpoints,
  type Folder,
  type Resumed,
  type RunIdentity,
} from './checkpoint-folder.ts';
