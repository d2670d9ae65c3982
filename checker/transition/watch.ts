/**
 * Which properties a step can change: a state predicate that held before a step still holds after it, unless the step
 * wrote something that the predicate reads.
 *
 * Each first place of a predicate (one for each combination of a leading `forAll`) has a footprint: the queries of its
 * tree. A leaf's changes are compared with it once, and the places that must be walked again are remembered for the
 * leaf. Footprints grow while trees do; a growing footprint makes what was remembered stale.
 *
 * Nor is a place walked again where the step wrote what lets the predicate hold. The walk goes as in the state before,
 * until it comes to a node that asks what was written. Where the value that was written leads from every such node to
 * `nothing`, the predicate holds, whatever else the state is.
 */
import { BivalentError } from '../core/index.ts';
import { evaluate, type Routine } from '../spec/index.ts';
import { Agenda } from './agenda.ts';
import type { Forest, Leaf } from './forest.ts';
import { isPlace, nothing } from './code.ts';
import { Ask, textOf, type Effect, type Query, type QueryTable } from './query.ts';
import { matches } from '../value/index.ts';
import type { DirectRoutine } from './learner.ts';
import type { Relation } from './relation.ts';
import type { ValueTable } from './value-table.ts';

interface Place {
  readonly code: number;
  readonly footprint: Set<number>;
  /** The nodes of its tree. */
  readonly nodes: number[];
}

/** Whether an effect may change the answer to a query about the state before it. */
export function disturbs(effect: Effect, query: Query, values: ValueTable): boolean {
  if (query.ask === Ask.choice || query.slot !== effect.slot) return false;
  if (effect.key === 0) return true;
  if (query.ask === Ask.entry) return query.argument === effect.key;
  if (query.ask === Ask.where) return matches(values.value(effect.key), values.value(query.argument));
  return true;
}

/** The answer that an effect gives to a query that it disturbs, if that does not depend on the state before; 0 otherwise. */
function answerBy({ slot, key, relative, value }: Effect, { slot: asked, ask, argument }: Query): number {
  const isWritten = slot === asked && (key === 0 ? ask === Ask.whole : ask === Ask.entry && key === argument);
  return isWritten && !relative ? value : 0;
}

/** The places of some predicates, and for each leaf of an action those that it may make false. */
export class Watch {
  readonly #forest: Forest;
  readonly #queries: QueryTable;
  readonly #values: ValueTable;
  readonly #routines: ReadonlySet<number>;
  /** Whether they are predicates of states, not of steps. */
  readonly #ofStates: boolean;
  /** The queries for which it was decided, for some leaf, that what it writes lets a predicate hold. */
  #reliedOn = new Set<number>();
  #places: Place[] = [];
  #direct: DirectRoutine[] = [];
  /** For each node of the forest: its place plus one, or 0 for the nodes of other routines. */
  #placeOf: number[] = [0];
  #planted = new Map<number, number>();
  #version = 1;
  #layoutVersion = -1;
  #all: Agenda | undefined;
  /** For each leaf, the agenda of what it disturbs, and for which version that holds. */
  #ofLeaf: { version: number; agenda: Agenda }[] = [];
  /** The same by what leaves write: many write the same, whatever they read. */
  readonly #ofEffects = new Map<string, { version: number; agenda: Agenda }>();
  /** The same for the leaves of each list of the relation. */
  #ofList: ({ version: number; agendas: readonly Agenda[] } | undefined)[] = [];
  readonly #agendas = new Map<string, Agenda>();

  constructor(
    forest: Forest,
    queries: QueryTable,
    values: ValueTable,
    routines: readonly number[],
    kind: 'states' | 'steps',
  ) {
    this.#ofStates = kind === 'states';
    this.#forest = forest;
    this.#queries = queries;
    this.#values = values;
    this.#routines = new Set(routines);
  }

  /** Finds where the predicates begin, if the layout has another version than when that was last done. */
  refresh(layoutVersion: number, relation: Relation): void {
    if (this.#layoutVersion === layoutVersion) return;
    // User code that throws leaves this unfinished, for the next call.
    this.#layoutVersion = -1;
    this.#planted = new Map();
    this.#placeOf = [0];
    this.#ofLeaf = [];
    this.#ofList = [];
    this.#ofEffects.clear();
    this.#version++;
    this.#reliedOn = new Set();
    const trees = new Map<number, Omit<Place, 'code'>>();
    this.#places = [];
    this.#direct = [];
    for (const routine of this.#routines) {
      const direct = relation.learner.direct(routine);
      if (direct !== undefined) {
        this.#direct.push(direct);
        continue;
      }
      for (const { node, code } of relation.rootsOf(routine)) {
        // The parts of a choice among the entries of a spread slot are places of one node: they share its tree.
        const tree = trees.get(node) ?? { footprint: new Set(), nodes: [] };
        if (node !== 0) trees.set(node, tree);
        this.#places.push({ code, ...tree });
        if (node !== 0 && !this.#planted.has(node)) this.#planted.set(node, this.#places.length);
      }
    }
    this.#agendas.clear();
    this.#all = new Agenda(
      relation,
      this.#places.map(({ code }) => code),
    );
    this.#layoutVersion = layoutVersion;
  }

  /** Whether {@link refresh} was called for this version of the layout. */
  isCurrent(layoutVersion: number): boolean {
    return this.#layoutVersion === layoutVersion;
  }

  /** Another number whenever {@link after} may tell something else of a leaf than before. */
  get version(): number {
    if (this.#placeOf.length <= this.#forest.size) this.#scan();
    return this.#version;
  }

  /** The predicates that are not learned: they are called on every state. */
  get direct(): readonly DirectRoutine[] {
    return this.#direct;
  }

  /** All places. */
  get all(): Agenda {
    return this.#all as Agenda;
  }

  /** Whether a step with this leaf, from a state with these group numbers, may break a predicate of steps. */
  mayBreak(leaf: number, before: Int32Array): boolean {
    const known = this.#ofLeaf[leaf];
    if (known === undefined || known.version !== this.#version || this.#placeOf.length <= this.#forest.size)
      return true;
    return known.agenda.isOpen(before);
  }

  /** As {@link mayBreak}, for any of the leaves of a list of the relation. */
  mayBreakOne(list: number, lists: Int32Array, before: Int32Array): boolean {
    if (this.#placeOf.length <= this.#forest.size) return true;
    let known = this.#ofList[list];
    if (known === undefined || known.version !== this.#version) {
      const leaves = lists.subarray(list + 2, list + 2 + (lists[list] as number));
      const agendas = new Set<Agenda>();
      for (const leaf of leaves) {
        const ofLeaf = this.#ofLeaf[leaf];
        if (ofLeaf === undefined || ofLeaf.version !== this.#version) return true;
        agendas.add(ofLeaf.agenda);
      }
      this.#ofList[list] = known = { version: this.#version, agendas: [...agendas] };
    }
    for (let i = 0; i < known.agendas.length; i++) if ((known.agendas[i] as Agenda).isOpen(before)) return true;
    return false;
  }

  /** The places to walk after a step with this leaf, for a state whose predecessor satisfies every predicate. */
  after(id: number, leaf: Leaf): Agenda {
    if (this.#placeOf.length <= this.#forest.size) this.#scan();
    const known = this.#ofLeaf[id];
    if (known !== undefined && known.version === this.#version) return known.agenda;
    return this.#findAfter(id, leaf);
  }

  #findAfter(id: number, { effects }: Leaf): Agenda {
    const kind = textOf(effects);
    let known = this.#ofEffects.get(kind);
    if (known?.version !== this.#version) {
      const places = this.#places.filter((place) => !isPlace(place.code) || this.#mayFail(effects, place));
      known = { version: this.#version, agenda: this.#agendaOf(places.map(({ code }) => code)) };
      this.#ofEffects.set(kind, known);
    }
    const { agenda } = known;
    while (this.#ofLeaf.length < id) this.#ofLeaf.push({ version: 0, agenda });
    this.#ofLeaf[id] = known;
    return agenda;
  }

  /**
   * A leaf that stands for the failure of the first predicate that the states at hand break, by the reference semantics.
   *
   * For where user code threw: a predicate may rely on those before it, and `forAll` on what it chose before.
   *
   * @throws error where all hold; what user code throws that comes before the first that fails
   */
  failureDespite(error: unknown, { learner, layout, before, after }: Relation): number {
    if (!(error instanceof BivalentError)) throw error;
    const [first, second] = [layout.decode(before), layout.decode(after)];
    for (const routine of this.#routines) {
      const { holds } = evaluate(learner.routines[routine] as Routine, first, second);
      if (!holds) return this.#forest.failureOf(routine);
    }
    throw error;
  }

  /** Leaves that disturb the same places share an agenda. */
  #agendaOf(codes: readonly number[]): Agenda {
    const key = codes.join();
    let agenda = this.#agendas.get(key);
    if (agenda === undefined) this.#agendas.set(key, (agenda = new Agenda(this.all.relation, codes)));
    return agenda;
  }

  /** Whether a predicate may fail at a place after a step with these effects, for a state whose predecessor satisfies it. */
  #mayFail(effects: readonly Effect[], { footprint, nodes }: Place): boolean {
    const disturbed: number[] = [];
    for (const id of footprint) {
      const query = this.#queries.at(id);
      if (effects.some((effect) => disturbs(effect, query, this.#values))) disturbed.push(id);
    }
    if (disturbed.length === 0) return false;
    if (!this.#ofStates) return true;
    const answers = new Map(disturbed.map((id) => [id, this.#answerAfter(effects, id)]));
    if ([...answers.values()].includes(0)) return true;
    for (const node of nodes) {
      const answer = answers.get(this.#forest.queryOf(node));
      if (answer !== undefined && this.#forest.child(node, answer) !== nothing) return true;
    }
    for (const id of disturbed) this.#reliedOn.add(id);
    return false;
  }

  /** The answer to a query in every state that a step with these effects leads to; 0 where it depends on more. */
  #answerAfter(effects: readonly Effect[], id: number): number {
    const query = this.#queries.at(id);
    const disturbing = effects.filter((effect) => disturbs(effect, query, this.#values));
    return disturbing.length === 1 ? answerBy(disturbing[0] as Effect, query) : 0;
  }

  /** Adds the nodes that the forest has grown to the footprints of their places. */
  #scan(): void {
    for (let node = this.#placeOf.length; node <= this.#forest.size; node++) {
      const isWatched = this.#routines.has(this.#forest.routineOf(node));
      const inherited = this.#placeOf[this.#forest.parentOf(node)] ?? 0;
      const number = isWatched ? (this.#planted.get(node) ?? inherited) : 0;
      this.#placeOf.push(number);
      const place = this.#places[number - 1];
      const query = this.#forest.queryOf(node);
      if (place === undefined) continue;
      place.nodes.push(node);
      if (place.footprint.has(query) && !this.#reliedOn.has(query)) continue;
      place.footprint.add(query);
      this.#version++;
    }
  }
}
