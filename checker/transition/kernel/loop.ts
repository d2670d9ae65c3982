/**
 * The compiled loop, as WebAssembly gives it.
 */
import { moduleText } from './module.ts';

/** What is used of the memory of a loop. */
export interface LoopMemory {
  readonly buffer: ArrayBuffer;
  /** @throws RangeError where there is no more */
  grow(pages: number): number;
}

export interface Loop {
  readonly memory: LoopMemory;
  /** Expands rows until all are, or something has to be asked: see `assembly/places.ts`. */
  expand(): number;
  /** Judges successors until all are, or something has to be asked. */
  judgeStates(): number;
}

/** What is used of WebAssembly: a browser and Node have it, and the types of neither are needed. */
interface Machine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const { WebAssembly: machine } = globalThis as unknown as { readonly WebAssembly?: Machine };

let module: object | undefined;

/**
 * A new loop, with a memory of its own; undefined where there is no WebAssembly, or no room: each memory takes some gigabytes
 * of addresses, which a process may be refused. Cost: a millisecond the first time.
 */
export function newLoop(): Loop | undefined {
  if (machine === undefined) return undefined;
  module ??= new machine.Module(Uint8Array.from(atob(moduleText), (letter) => letter.charCodeAt(0)));
  try {
    return new machine.Instance(module).exports as Loop;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
