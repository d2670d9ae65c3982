/** Why a folder cannot be written, in a user's words. */

/** A folder, and how messages name it. */
export interface Folder {
  readonly path: string;
  readonly name: string;
}

/** The codes of the system that say that there is no more room. */
const full: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this disk is used up',
  EFBIG: 'a file would be larger than is allowed',
};

const others: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

/** Whether an error says that there is no more room. */
export function saysFull(error: unknown): boolean {
  return ((error as NodeJS.ErrnoException).code ?? '') in full;
}

/**
 * What an error of the system says; undefined where it is none of the system.
 *
 * @param more - what codes mean here that mean something else elsewhere
 */
export function reasonOf(error: unknown, more: Readonly<Record<string, string>>): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? undefined : ({ ...full, ...others, ...more }[code] ?? message);
}
