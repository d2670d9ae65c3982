/**
 * One code for several outcomes: what a choice, a fork or a table's entry leads to, as a list of codes.
 *
 * Places of a list that ask the same are put into one, a *joint*, so that all of them are one look-up. Where lists meet, they
 * are taken apart first, joints too: what is joined depends on what is in the list, and not on how it came together.
 */
import { idOf, isLeaf, isPlace, leafCode, listCode, nothing, placeCode } from './code.ts';
import { IntList } from './int-tables.ts';

/** There are at most so many joints. */
const mostJoints = 1 << 14;

/** The steps that are joined. */
export interface Joinable {
  /** Steps with the same key can be joined; undefined for those that cannot. */
  joinKey(step: number): number | undefined;
  /** A new step that asks what another one asks. */
  newJoint(like: number): number;
}

export class Outcomes {
  /**
   * The lists behind list codes. At the offset of a list stand the number of its leaves and that of its places, then the
   * leaves, and then the codes of the places.
   */
  readonly lists = new IntList();
  readonly #steps: Joinable;
  /** The steps that stand for several, by these, and those that they stand for. */
  readonly #joints = new Map<string, number>();
  readonly #parts: (readonly number[] | undefined)[] = [];

  constructor(steps: Joinable) {
    this.#steps = steps;
    this.lists.push(0);
  }

  /** One code for several: those that are `nothing` are left out, and lists are taken apart. */
  of(codes: readonly number[]): number {
    const { leaves, places } = this.apart(codes);
    const joined = this.#join(places);
    if (leaves.length + joined.length === 0) return nothing;
    if (leaves.length + joined.length === 1) return joined[0] ?? leafCode(leaves[0] as number);
    const { lists } = this;
    const offset = lists.push(leaves.length);
    lists.push(joined.length);
    for (const leaf of leaves) lists.push(leaf);
    for (const place of joined) lists.push(place);
    return listCode(offset);
  }

  /** The leaves and the places that some codes stand for, lists and joints taken apart. */
  apart(codes: Iterable<number>): { readonly leaves: readonly number[]; readonly places: readonly number[] } {
    const leaves: number[] = [];
    const places: number[] = [];
    for (const code of codes) this.#sort(code, leaves, places);
    return { leaves, places };
  }

  /** The steps that a joint stands for; undefined for other steps. */
  partsOf(step: number): readonly number[] | undefined {
    return this.#parts[step];
  }

  #sort(code: number, leaves: number[], places: number[]): void {
    if (code === nothing) return;
    if (isPlace(code)) {
      const parts = this.#parts[idOf(code)];
      if (parts === undefined) places.push(code);
      else for (const part of parts) places.push(placeCode(part));
    } else if (isLeaf(code)) leaves.push(idOf(code));
    else {
      const { lists } = this;
      const offset = idOf(code);
      const end = offset + 2 + lists.at(offset);
      for (let i = offset + 2; i < end; i++) leaves.push(lists.at(i));
      for (let i = end; i < end + lists.at(offset + 1); i++) this.#sort(lists.at(i), leaves, places);
    }
  }

  #join(places: readonly number[]): readonly number[] {
    if (places.length < 2) return places;
    const byKey = new Map<number, number[]>();
    const joined: number[] = [];
    for (const place of places) {
      const step = idOf(place);
      const key = this.#steps.joinKey(step);
      const steps = key === undefined ? undefined : byKey.get(key);
      if (key === undefined) joined.push(place);
      else if (steps === undefined) byKey.set(key, [step]);
      else steps.push(step);
    }
    for (const steps of byKey.values()) joined.push(...this.#jointOf(steps).map(placeCode));
    return joined;
  }

  /** The step that stands for several with one key; themselves where there are too many such. */
  #jointOf(steps: readonly number[]): readonly number[] {
    if (steps.length === 1) return steps;
    const key = steps.join();
    const known = this.#joints.get(key);
    if (known !== undefined) return [known];
    if (this.#joints.size === mostJoints) return steps;
    const joint = this.#steps.newJoint(steps[0] as number);
    this.#joints.set(key, joint);
    this.#parts[joint] = steps;
    return [joint];
  }
}
