/** The manifest of a checkpoint: which bytes of which files belong to it, and to what run. */
import { crc32 } from 'node:zlib';

import type { CheckpointPart } from '../explore/index.ts';

/** What makes two runs the same, by name: a difference in any of them makes a checkpoint useless. */
export type RunIdentity = Readonly<Record<string, string>>;

/** How much of a part's file belongs to a checkpoint. */
export interface Part {
  readonly bytes: number;
  /** CRC-32 of that much. */
  readonly checksum: number;
}

export interface Manifest {
  readonly run: RunIdentity;
  /** The number in the names of the files. */
  readonly generation: number;
  readonly parts: Readonly<Record<CheckpointPart, Part>>;
  /** What the search says of itself; undefined before it has come far enough to be kept. */
  readonly facts: string | undefined;
}

const start = 'bivalent checkpoint 1';

/** The text of a manifest: one line with the checksum of the rest. */
export function manifestText(manifest: Manifest): string {
  const text = JSON.stringify(manifest, null, 1);
  return `${start} ${crc32(text)}\n${text}`;
}

/** The manifest in a text; undefined where it is not whole. */
export function parseManifest(text: string): Manifest | undefined {
  const [, checksum, json] = new RegExp(`^${start} (\\d+)\\n([^]*)$`).exec(text) ?? [];
  if (json === undefined || crc32(json) !== Number(checksum)) return undefined;
  return JSON.parse(json) as Manifest;
}

/** Whether a text begins as manifests do, whole or not. */
export function isManifest(text: string): boolean {
  return text.startsWith(start);
}
