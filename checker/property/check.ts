/**
 * A whole check: explores every reachable state, and then judges what can only be said of all of them together.
 *
 * What must be possible, refinement and temporal properties are judged when every state is known to be safe. A search
 * that found a violation or reached a limit leaves them unjudged, and the result says so. They are judged in this order,
 * each in the order of the spec, up to the first that fails.
 */
import { BivalentError, guardGlobals } from '../core/index.ts';
import {
  auditPredicates,
  behaviourProperties,
  beyond,
  exhausted,
  finish,
  requireLetter,
  startSearch,
  Steps,
  type CheckOptions,
  type CheckResult,
  type CheckRun,
  type Progress,
  type SearchRun,
  type StepGraph,
  type TraceStep,
  type Violation,
} from '../explore/index.ts';
import { successors, takenIn, type System } from '../spec/index.ts';
import { equal, type RecordValue } from '../value/index.ts';
import { PartialOrder } from './partial-order.ts';
import { judgeRefinement } from './refinement.ts';
import { classesOf, withSymmetryNote } from './symmetric-sets.ts';
import { judgeTemporal } from './temporal.ts';
import { undoneIn } from './unfairness.ts';
import { unknownPicks } from './unknown-picks.ts';

/**
 * Starts to check a system: every reachable state, and every property of the spec.
 *
 * Nothing runs before the first call of `advance`.
 *
 * TLA+: TLC's model-checking mode.
 */
export function startCheck(system: System, options: CheckOptions = {}): CheckRun {
  const { symmetry, partialOrder = false } = options;
  const classes = symmetry && classesOf(system, symmetry);
  const choice = partialOrder ? new PartialOrder(system, classes !== undefined) : undefined;
  const search = startSearch(system, {
    ...options,
    ...(classes && { classes }),
    ...(choice?.refusal === undefined && choice && { choice: choice.choose }),
  });
  const { temporal, reachable, refinements } = system;
  const judgesBehaviours = temporal.length + reachable.length + refinements.length > 0;
  if (!judgesBehaviours && classes === undefined && choice === undefined) return search;
  return new CheckOfBehaviours(system, options, search, choice);
}

/**
 * Checks a system.
 *
 * @param system - a spec with its constants bound, from `bind`
 * @returns `ok` when every reachable state was seen and every property held; `violation` with a counterexample;
 *   `incomplete` where a limit ended the check before
 * @throws BivalentError where user code fails
 */
export function check(system: System, options: CheckOptions = {}): CheckResult {
  return finish(startCheck(system, options));
}

class CheckOfBehaviours implements CheckRun {
  readonly #system: System;
  readonly #options: CheckOptions;
  readonly #search: SearchRun;
  readonly #partialOrder: PartialOrder | undefined;
  #judging: Iterator<void, void> | undefined;
  /** What is being judged, for progress. */
  #at = '';
  #milliseconds = 0;
  #bytes = 0;
  #peakBytes = 0;
  #finished = false;
  #reason: string | undefined;
  #violation: Violation | undefined;
  readonly #notes: string[] = [];

  constructor(system: System, options: CheckOptions, search: SearchRun, partialOrder: PartialOrder | undefined) {
    this.#system = system;
    this.#options = options;
    this.#search = search;
    this.#partialOrder = partialOrder;
  }

  advance(sliceMs: number): boolean {
    const sliceEnd = performance.now() + sliceMs;
    if (this.#judging === undefined) {
      if (!this.#search.advance(sliceMs)) return false;
      this.#judging = this.#judgeAll();
    }
    while (!this.#finished) {
      this.#advanceJudging();
      if (performance.now() >= sliceEnd) break;
    }
    return this.#finished;
  }

  pause(): void {
    if (this.#judging === undefined) this.#search.pause?.();
  }

  #advanceJudging(): void {
    const start = performance.now();
    const release = guardGlobals();
    try {
      if (this.#judging!.next().done === true) this.#finished = true;
    } finally {
      release();
      this.#milliseconds += performance.now() - start;
    }
    if (this.#finished) return;
    const { seconds, memoryBytes } = this.progress();
    this.#reason = exhausted(this.#options.limits ?? {}, { milliseconds: 1000 * seconds, memoryBytes });
    if (this.#reason !== undefined) this.#finished = true;
  }

  *#judgeAll(): Generator<void, void> {
    const found = this.#search.result('');
    if (found.result !== 'ok') return;
    if (found.fingerprints !== undefined) {
      const reason =
        'properties of behaviours and what must be possible are not judged under --fingerprint, which keeps no states';
      this.#leaveOut(behaviourProperties(this.#system), reason);
      return;
    }
    const graph = this.#search.graph(this.#actionsWithPicks());
    yield* this.#judgeReachable(graph);
    const unfit = this.#whyNotBehaviours();
    if (unfit !== undefined) {
      this.#leaveOut(behaviourProperties({ ...this.#system, reachable: [] }), unfit);
      return;
    }
    const { temporal, refinements } = this.#system;
    this.#notes.push(...grantedIn(this.#system));
    yield* this.#judgeRefinements(graph);
    yield* this.#judgeTemporal(graph);
    this.#notes.push(...unknownPicks(this.#system, graph.labels));
    if (this.#violation !== undefined || temporal.length + refinements.length === 0) return;
    if (!(yield* this.#leavesConstraint(graph))) return;
    this.#reason =
      'temporal properties and refinements were judged on the behaviours that stay within the constraint: others were not followed';
  }

  /** Leaves properties unjudged, which makes the result incomplete. */
  #leaveOut(names: readonly string[], reason: string): void {
    if (this.#violation !== undefined || names.length === 0) return;
    this.#reason = reason;
    this.#notes.push(`not judged: ${names.join(', ')}`);
  }

  /** Whether the constraints leave out any behaviour: an initial state, or a step of a state that is within them. */
  *#leavesConstraint(graph: StepGraph): Generator<void, boolean> {
    const { constraint, actionConstraint, initialStates } = this.#system;
    if (constraint === undefined && actionConstraint === undefined) return false;
    if (graph.initialCount < initialStates.length) return true;
    const steps = new Steps();
    for (let state = 0; state < graph.count; state++) {
      graph.steps(state, steps, 'any');
      if (steps.targets.subarray(0, steps.count).includes(beyond)) return true;
      if (state % 256 === 255) yield;
    }
    return false;
  }

  /** Why properties of behaviours cannot be judged on the states that were explored; undefined where they can. */
  #whyNotBehaviours(): string | undefined {
    const unjudged = 'temporal properties and refinements are not judged under';
    if (this.#options.symmetry !== undefined)
      return `${unjudged} --symmetry, where states of different behaviours count as one`;
    if (this.#partialOrder?.isUsed === true)
      return `${unjudged} --partial-order, where not every behaviour is followed`;
    if (this.#search.progress().diskBytes !== undefined)
      return `${unjudged} --disk-limit once there are states on disk, where steps would take too long to find`;
    return undefined;
  }

  /** The actions of which it matters what they pick. */
  #actionsWithPicks(): ReadonlySet<string> {
    const { fairness, temporal } = this.#system;
    const fair = fairness.filter(({ each }) => each === 'all' || each.length > 0).map(({ action }) => action);
    const taken = temporal
      .flatMap(({ formula }) => takenIn(formula))
      .filter(({ parameters }) => Object.keys(parameters).length > 0)
      .map(({ action }) => action);
    return new Set([...fair, ...taken].filter((action) => action !== undefined));
  }

  *#judgeReachable(graph: StepGraph): Generator<void, void> {
    for (const { name, predicate } of this.#system.reachable) {
      this.#at = name;
      let state = 0;
      while (state < graph.count && graph.letter([predicate], state) === 0) {
        if (++state % 1024 === 0) yield;
      }
      if (state < graph.count) {
        requireLetter(this.#system, graph.stateAt(state), [predicate], 1);
        continue;
      }
      yield* auditPredicates(this.#system, graph, [predicate], () => 0, this.#options);
      this.#violation = { kind: 'reachability', name, parameters: {}, read: [], trace: [] };
      return;
    }
  }

  *#judgeRefinements(graph: StepGraph): Generator<void, void> {
    for (const refinement of this.#system.refinements) {
      if (this.#violation !== undefined) return;
      this.#at = refinement.name;
      const failure = yield* judgeRefinement(graph, this.#system.fairness, refinement);
      if (failure === undefined) continue;
      const { states, loopsTo, abstract, unfair } = failure;
      if (unfair !== undefined)
        this.#notes.push(`${refinement.name}: the behaviour breaks ${unfair} of the abstract spec`);
      this.#violation = {
        ...this.#found('refinement', refinement.name, graph, states, loopsTo),
        abstract,
      };
    }
  }

  *#judgeTemporal(graph: StepGraph): Generator<void, void> {
    const { temporal, fairness } = this.#system;
    if (this.#violation !== undefined) return;
    const { broken, notes } = yield* judgeTemporal(graph, fairness, temporal, {
      onProperty: (name) => void (this.#at = name),
      onBytes: (bytes) => void (this.#bytes = bytes),
      audit: (predicates, letters) =>
        auditPredicates(this.#system, graph, predicates, (state) => letters[state] as number, this.#options),
    });
    this.#notes.push(...notes);
    if (broken === undefined) return;
    const { name, lasso, predicates, letters } = broken;
    for (const state of lasso.states) requireLetter(this.#system, graph.stateAt(state), predicates, letters[state]!);
    this.#violation = this.#found('temporal', name, graph, lasso.states, lasso.loopsTo);
    this.#notes.push(...undoneIn(this.#system, this.#violation.trace, lasso.loopsTo));
  }

  #found(
    kind: 'temporal' | 'refinement',
    name: string,
    graph: StepGraph,
    states: readonly number[],
    loopsTo: number | undefined,
  ): Violation {
    const trace = traceOf(this.#system, graph, states);
    return { kind, name, parameters: {}, read: [], trace, ...(loopsTo !== undefined && { loopsTo }) };
  }

  progress(): Progress {
    const progress = this.#search.progress();
    const memoryBytes = progress.memoryBytes + this.#bytes;
    this.#peakBytes = Math.max(this.#peakBytes, memoryBytes);
    return { ...progress, seconds: progress.seconds + this.#milliseconds / 1000, memoryBytes };
  }

  running(): string | undefined {
    return this.#search.running();
  }

  runningIn(): RecordValue | undefined {
    return this.#search.runningIn?.();
  }

  result(reasonIfUnfinished: string): CheckResult {
    const searched = this.#search.result(reasonIfUnfinished);
    const found = withSymmetryNote(this.#partialOrder?.withNote(searched) ?? searched, this.#system, this.#options);
    if (found.result !== 'ok') return { ...found, ...this.#unjudged(found) };
    const seconds = found.seconds + this.#milliseconds / 1000;
    const stopped = this.#reason ?? reasonIfUnfinished;
    const reason = this.#finished ? this.#reason : `${stopped}, while judging ${this.#at}`;
    const result = this.#violation !== undefined ? 'violation' : reason === undefined ? 'ok' : 'incomplete';
    const peakMemoryBytes = Math.max(found.peakMemoryBytes, this.#peakBytes);
    return {
      ...found,
      result,
      ...(result === 'incomplete' && { reason: reason as string }),
      ...(this.#violation !== undefined && { violation: this.#violation }),
      ...(this.#notes.length > 0 && { notes: [...(found.notes ?? []), ...this.#notes] }),
      seconds,
      statesPerSecond: seconds === 0 ? 0 : found.distinctStates / seconds,
      peakMemoryBytes,
    };
  }

  /** The note that says what was not judged, since the search itself did not end well. */
  #unjudged({ notes = [] }: CheckResult): Pick<CheckResult, 'notes'> {
    const names = behaviourProperties(this.#system);
    if (names.length === 0) return notes.length > 0 ? { notes } : {};
    return { notes: [...notes, `not judged, since not every state was explored and found safe: ${names.join(', ')}`] };
  }
}

/** What is taken for granted of the behaviours that are judged. */
function grantedIn({ fairness, temporal, refinements }: System): readonly string[] {
  if (fairness.every(({ action }) => action !== undefined)) return [];
  const judged = [
    ...(temporal.length > 0 ? ['temporal properties'] : []),
    ...(refinements.some(({ abstract }) => abstract.fairness.length > 0) ? ['refinements'] : []),
  ];
  if (judged.length === 0) return [];
  return [`${judged.join(' and ')} were judged of behaviours that stop nowhere where a step is possible: progress`];
}

/**
 * The steps of a path through the graph, taken by the reference semantics. A step to the same state stutters: it has no
 * action.
 *
 * @throws BivalentError `spec/impure` where user code does not take such a step
 */
function traceOf(system: System, graph: StepGraph, path: readonly number[]): TraceStep[] {
  const states = path.map((state) => graph.stateAt(state));
  return states.map((state, i) => {
    if (i === 0 || path[i] === path[i - 1]) return { action: null, parameters: {}, state };
    const step = successors(system, states[i - 1] as RecordValue).find((candidate) => equal(candidate.state, state));
    if (step !== undefined) return step;
    throw new BivalentError(
      'spec/impure',
      'the spec is not a function of the state: a step that was taken before is not taken again',
      { state: states[i - 1] },
    );
  });
}
