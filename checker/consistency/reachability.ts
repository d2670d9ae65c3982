/**
 * The transitive closure of a graph that grows, and shrinks back when a search takes a choice back.
 *
 * One bit for each pair of nodes. Every word that changes is written on a trail with its old value, so that undoing
 * costs what doing did. Memory: n²/8 bytes for n nodes, and the trail.
 */
export class Reachability {
  readonly nodeCount: number;
  readonly #words: number;
  readonly #rows: Int32Array;
  #trailAt = new Int32Array(1024);
  #trailWas = new Int32Array(1024);
  #trail = 0;

  constructor(nodeCount: number) {
    this.nodeCount = nodeCount;
    this.#words = Math.ceil(nodeCount / 32);
    this.#rows = new Int32Array(nodeCount * this.#words);
  }

  /** A point to which {@link undoTo} can return. */
  get mark(): number {
    return this.#trail;
  }

  /** Whether there is a path of one edge or more. */
  reaches(from: number, to: number): boolean {
    return (this.#rows[from * this.#words + (to >>> 5)]! & (1 << (to & 31))) !== 0;
  }

  /**
   * Adds an edge and all paths that it completes.
   *
   * @returns `false`, with nothing changed, where it would close a cycle
   *
   * Cost: n, and n/32 for each node that gains a path.
   */
  add(from: number, to: number): boolean {
    if (from === to || this.reaches(to, from)) return false;
    if (this.reaches(from, to)) return true;
    for (let node = 0; node < this.nodeCount; node += 1) {
      if ((node === from || this.reaches(node, from)) && !this.reaches(node, to)) this.#join(node, to);
    }
    return true;
  }

  /** Takes back everything that was added since `mark`. */
  undoTo(mark: number): void {
    while (this.#trail > mark) {
      this.#trail -= 1;
      this.#rows[this.#trailAt[this.#trail]!] = this.#trailWas[this.#trail]!;
    }
  }

  /** Makes `node` reach `to` and all that `to` reaches. */
  #join(node: number, to: number): void {
    const target = node * this.#words;
    const source = to * this.#words;
    for (let word = 0; word < this.#words; word += 1) {
      const bit = word === to >>> 5 ? 1 << (to & 31) : 0;
      const was = this.#rows[target + word]!;
      const is = was | this.#rows[source + word]! | bit;
      if (is === was) continue;
      if (this.#trail === this.#trailAt.length) this.#growTrail();
      this.#trailAt[this.#trail] = target + word;
      this.#trailWas[this.#trail] = was;
      this.#trail += 1;
      this.#rows[target + word] = is;
    }
  }

  #growTrail(): void {
    for (const [name, array] of [
      ['at', this.#trailAt],
      ['was', this.#trailWas],
    ] as const) {
      const larger = new Int32Array(array.length * 2);
      larger.set(array);
      if (name === 'at') this.#trailAt = larger;
      else this.#trailWas = larger;
    }
  }
}
