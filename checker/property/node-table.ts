/**
 * A number for each node of a product: node `q * states + s` is state `s` of the graph with state `q` of the automaton.
 *
 * The numbers of one state of the automaton are one typed array, which is made when the first of them is needed: many
 * products stay in a few states of their automaton.
 */
export class NodeTable {
  readonly #states: number;
  readonly #columns: (Int32Array | undefined)[] = [];

  /** @param states - how many states the graph has */
  constructor(states: number) {
    this.#states = states;
  }

  /** The numbers of all nodes with one state of the automaton, by state of the graph; 0 where none was set. */
  column(automatonState: number): Int32Array {
    return (this.#columns[automatonState] ??= new Int32Array(this.#states));
  }

  get(node: number): number {
    const automatonState = Math.floor(node / this.#states);
    return this.#columns[automatonState]?.[node - automatonState * this.#states] ?? 0;
  }

  set(node: number, value: number): void {
    const automatonState = Math.floor(node / this.#states);
    this.column(automatonState)[node - automatonState * this.#states] = value;
  }

  get bytes(): number {
    return this.#columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0);
  }
}
