/** Checkpoints in memory, all of them: what a run killed at any moment would have left. */
import { type CheckpointPart, type CheckpointSource, type CheckpointTarget } from './checkpoint.ts';

export class MemoryCheckpoints implements CheckpointTarget {
  readonly kept: CheckpointSource[] = [];
  #parts = emptyParts();

  restart(): void {
    this.#parts = emptyParts();
  }

  append(part: CheckpointPart, bytes: Uint8Array): void {
    this.#parts[part] = [...this.#parts[part], bytes.slice()];
  }

  abandon(): void {
    this.#parts = emptyParts();
  }

  commit(facts: string): void {
    const parts = { ...this.#parts };
    this.kept.push({
      facts,
      size: (part) => parts[part].reduce((sum, { length }) => sum + length, 0),
      read: (part, into) => into.set(Buffer.concat(parts[part])),
    });
  }
}

function emptyParts(): Record<CheckpointPart, readonly Uint8Array[]> {
  return { rows: [], parents: [], learned: [], restless: [], asleep: [] };
}
