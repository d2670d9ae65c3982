/**
 * A set of fingerprints, in eight bytes each and a fifth more.
 *
 * The table is open-addressed, and the place of a fingerprint is in proportion to it: read from its beginning, the table
 * gives all fingerprints in their order. A look-up can stop where a larger one stands, so that the table may be nearly
 * full; and it grows by reading it once, in small steps, one of its 256 regions at a time.
 *
 * Fingerprints are compared half by half as signed integers, which is an order like any other.
 *
 * Source: Amble and Knuth, *Ordered Hash Tables* (1974).
 */
import { integers } from '../shared-integers.ts';

/** The upper bits of a fingerprint say in which region it is. */
const regionBits = 8;
const regionCount = 1 << regionBits;
/** The bits below them say where. */
const placeBits = 24;
const placeMask = 2 ** placeBits - 1;
/** A region has room for a share of its slots, and is given so many times more slots then. */
const mostLoad = 0.85;
const growth = 1.2;
const fewestSlots = 64;
/** Slots behind those that fingerprints have their place in, for those that find it taken. */
const overflow = 64;

/** A region of the table, as other threads see it. */
export interface SharedRegion {
  readonly index: number;
  readonly slots: Int32Array;
  readonly size: number;
}

/** One region: `slots[2 * p]` and `slots[2 * p + 1]` are the halves of a fingerprint, both 0 in an empty slot. */
interface Region {
  slots: Int32Array;
  /** How many slots fingerprints have their place in. */
  size: number;
  count: number;
}

export class FingerprintTable {
  readonly #regions: Region[] = Array.from({ length: regionCount }, () => emptyRegion(fewestSlots, overflow));
  /** Whether other threads may look fingerprints up, and the regions of which they do not know the slots. */
  #isShared = false;
  readonly #untold = new Set<number>();
  /** Keeps the touching reads of a batch alive: their sum must go somewhere. */
  touched = 0;

  get bytes(): number {
    return this.#regions.reduce((sum, { slots }) => sum + slots.byteLength, 0);
  }

  /** Brings what some look-ups need into the cache. */
  touch(highs: Int32Array, count: number): void {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const high = highs[k] as number;
      const { slots, size } = this.#regions[high >>> placeBits] as Region;
      sum ^= slots[2 * placeOf(high, size)] as number;
    }
    this.touched ^= sum;
  }

  has(high: number, low: number): boolean {
    const { slots, size } = this.#regions[high >>> placeBits] as Region;
    const at = seek(slots, placeOf(high, size), high, low);
    return slots[2 * at] === high && slots[2 * at + 1] === low;
  }

  /** Adds a fingerprint that is not there. */
  add(high: number, low: number): void {
    const index = high >>> placeBits;
    const region = this.#regions[index] as Region;
    const { slots } = region;
    const at = seek(slots, placeOf(high, region.size), high, low);
    let end = at;
    while (slots[2 * end] !== 0 || slots[2 * end + 1] !== 0) end++;
    // A few slots: a loop is faster than `copyWithin`.
    for (let i = 2 * end - 1; i >= 2 * at; i--) slots[i + 2] = slots[i] as number;
    slots[2 * at] = high;
    slots[2 * at + 1] = low;
    region.count++;
    // The last slot stays empty: it ends every look-up.
    if (region.count > mostLoad * region.size || end + 2 >= slots.length / 2) {
      grow(region, this.#isShared);
      this.#untold.add(index);
    }
  }

  /**
   * The regions of which other threads do not know, in shared memory.
   *
   * @param everything - or only those that changed since the last call
   */
  share(everything: boolean): readonly SharedRegion[] {
    if (!this.#isShared) {
      this.#isShared = true;
      for (const region of this.#regions) {
        const slots = integers(region.slots.length, true);
        slots.set(region.slots);
        region.slots = slots;
      }
    }
    const told = everything ? this.#regions.keys() : this.#untold;
    const regions = Array.from(told, (index) => ({ index, ...(this.#regions[index] as Region) }));
    this.#untold.clear();
    return regions;
  }

  /** Looks fingerprints up in regions of another table. Nothing can be added here then. */
  attach(regions: readonly SharedRegion[]): void {
    for (const { index, slots, size } of regions) this.#regions[index] = { slots, size, count: 0 };
  }

  /**
   * The smallest distance between two fingerprints, as numbers of 64 bits.
   *
   * Cost: the whole table is read, in a second for some hundred millions.
   *
   * @returns Infinity where there are fewer than two
   */
  smallestDistance(): number {
    let smallest = Infinity;
    let [high, low] = [-Infinity, 0];
    // Regions in the order of signed integers.
    for (let r = 0; r < regionCount; r++) {
      const { slots } = this.#regions[(r + regionCount / 2) % regionCount] as Region;
      for (let at = 0; at < slots.length; at += 2) {
        const [nextHigh, nextLow] = [slots[at] as number, slots[at + 1] as number];
        if (nextHigh === 0 && nextLow === 0) continue;
        const distance = (nextHigh - high) * 2 ** 32 + (nextLow - low);
        if (distance < smallest) smallest = distance;
        high = nextHigh;
        low = nextLow;
      }
    }
    return smallest;
  }
}

function emptyRegion(size: number, more: number): Region {
  return { slots: new Int32Array(2 * (size + more)), size, count: 0 };
}

/** The slot in which a fingerprint has its place. */
function placeOf(high: number, size: number): number {
  return Math.floor(((high & placeMask) * size) / 2 ** placeBits);
}

/** The slot of a fingerprint, from its place on; where it is not there, the slot of the next larger one or the next empty one. */
function seek(slots: Int32Array, place: number, high: number, low: number): number {
  for (let at = place; ; at++) {
    const other = slots[2 * at] as number;
    if (other === high) {
      const otherLow = slots[2 * at + 1] as number;
      if (otherLow >= low || (other === 0 && otherLow === 0)) return at;
    } else if (other > high || (other === 0 && slots[2 * at + 1] === 0)) return at;
  }
}

/** Gives a region more slots, behind its places too if need be. */
function grow(region: Region, isShared: boolean): void {
  const size = region.count > mostLoad * region.size ? Math.ceil(growth * region.size) : region.size;
  let more = Math.max(overflow, region.slots.length / 2 - region.size);
  for (;;) {
    const slots = spread(region, size, more, isShared);
    if (slots !== undefined) {
      region.slots = slots;
      region.size = size;
      return;
    }
    more *= 2;
  }
}

/** The same fingerprints in as many slots; undefined where there is no room for some at the end. */
function spread({ slots }: Region, size: number, more: number, isShared: boolean): Int32Array | undefined {
  const wider = integers(2 * (size + more), isShared);
  let next = 0;
  for (let at = 0; at < slots.length; at += 2) {
    const [high, low] = [slots[at] as number, slots[at + 1] as number];
    if (high === 0 && low === 0) continue;
    next = Math.max(next, placeOf(high, size));
    if (2 * next + 4 > wider.length) return undefined;
    wider[2 * next] = high;
    wider[2 * next + 1] = low;
    next++;
  }
  return wider;
}
