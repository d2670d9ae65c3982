/** Validates a log: reads it by a binding, searches for a behaviour that explains it, and says why where there is none. */
import { guardGlobals } from '../../checker/core/index.ts';
import { bind, evaluate, type System } from '../../checker/spec/index.ts';
import { placeOf, type LogEvent } from '../event/index.ts';
import { LogError } from '../reader/index.ts';
import type { Binding } from './binding.ts';
import { diagnose } from './diagnosis.ts';
import { EventBinder, type BoundEvent } from './expectation.ts';
import { TotalOrder, type LogOrder } from './log-order.ts';
import { causalOrder, timeOrder } from './partial-order.ts';
import { Search, type SearchNode, type SearchOptions } from './search.ts';
import { ReferenceSteps } from './spec-steps.ts';
import { LearnedSteps } from './learned-steps.ts';
import type { BrokenInvariant, MatchedStep, Validation } from './validation.ts';

/** How a log is validated. */
export interface ValidationOptions {
  /** Replace the constants that the binding takes from the log. */
  readonly constants?: Readonly<Record<string, unknown>>;
  readonly mutant?: string;
  readonly strategy?: SearchOptions['strategy'];
  /** States that may be held at once; a log that leaves few states possible at a time never needs many. Default two million. */
  readonly maxStates?: number;
  /** Default no limit. */
  readonly timeMs?: number;
  /** Whether the behaviour that was found is in the result: it is as long as the log. */
  readonly behaviour?: boolean;
  /** Whether the spec's invariants must hold along the behaviour that was found. */
  readonly invariants?: boolean;
  /** How steps are found: learned (the default), or by running the spec's code for each: slower, and simple enough to compare with. */
  readonly semantics?: 'learned' | 'reference';
}

const sampledEvents = 10_000;
const noHiddenSteps = { actions: [], atMost: 0 };

/**
 * Validates the events of a log against a binding.
 *
 * Cost: in a total order that leaves one state possible at a time, O(events) time and constant memory.
 *
 * @throws BivalentError where the log cannot be read, or the binding or the spec is wrong
 */
export async function validate(
  events: AsyncIterable<LogEvent>,
  binding: Binding,
  options: ValidationOptions = {},
): Promise<Validation> {
  const release = guardGlobals();
  try {
    return await new Validator(binding, options).run(events);
  } finally {
    release();
  }
}

class Validator {
  readonly #binding: Binding;
  readonly #options: ValidationOptions;
  readonly #started = performance.now();
  #events = 0;
  #ignored = 0;

  constructor(binding: Binding, options: ValidationOptions) {
    this.#binding = binding;
    this.#options = options;
  }

  async run(events: AsyncIterable<LogEvent>): Promise<Validation> {
    const { spec, definition } = this.#binding;
    const { head, all } = await peek(events, definition.constants === undefined ? 1 : sampledEvents);
    const [first] = head;
    if (first === undefined) throw new LogError('log/empty', { file: 'the log' }, 'it holds no events.');
    const system = bind(spec, {
      constants: { ...definition.constants?.(head), ...this.#options.constants },
      ...(this.#options.mutant !== undefined && { mutant: this.#options.mutant }),
    });
    const steps = this.#options.semantics === 'reference' ? new ReferenceSteps(system) : new LearnedSteps(system);
    const binder = new EventBinder(definition, system.constants, steps.actions);
    const order = await this.#order(all, binder);
    const search = new Search(steps, order, definition.hidden ?? noHiddenSteps, this.#searchOptions());
    const { result, reason, end, visited, deepest } = await search.run(binder.initialChecks());
    const path = end === undefined ? [] : pathTo(end);
    const broken = this.#options.invariants === true ? brokenInvariant(system, path) : undefined;
    return {
      result: broken === undefined ? result : 'invalid',
      ...(reason !== undefined && { reason }),
      spec: system.name,
      constants: system.constants,
      events: this.#events,
      ignored: this.#ignored,
      explained: deepest,
      statesExplored: visited,
      seconds: (performance.now() - this.#started) / 1000,
      ...(this.#options.behaviour === true && end !== undefined && { behaviour: path.map(matchedStep) }),
      ...(broken !== undefined && { brokenInvariant: broken }),
      ...(result === 'invalid' && { diagnosis: diagnose(system, steps, order, search, deepest) }),
    };
  }

  #searchOptions(): SearchOptions {
    const { strategy = 'depth-first', maxStates = 2_000_000, timeMs = Infinity, behaviour, invariants } = this.#options;
    return { strategy, maxNodes: maxStates, timeMs, keepBehaviour: behaviour === true || invariants === true };
  }

  async #order(events: AsyncIterator<LogEvent>, binder: EventBinder): Promise<LogOrder> {
    const { order = 'log' } = this.#binding.definition;
    const bind = (event: LogEvent): BoundEvent | undefined => {
      this.#events += 1;
      const bound = binder.bind(event);
      if (bound === undefined) this.#ignored += 1;
      return bound;
    };
    if (order === 'log') return new TotalOrder(events, bind);
    const all: LogEvent[] = [];
    const bound: BoundEvent[] = [];
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      all.push(next.value);
      const made = bind(next.value);
      if (made !== undefined) bound.push(made);
    }
    return order === 'causal' ? causalOrder(all, bound) : timeOrder(bound, order.toleranceMs);
  }
}

/** The first events of a stream, and the whole stream. */
async function peek(
  events: AsyncIterable<LogEvent>,
  count: number,
): Promise<{ head: readonly LogEvent[]; all: AsyncIterator<LogEvent> }> {
  const rest = events[Symbol.asyncIterator]();
  const head: LogEvent[] = [];
  while (head.length < count) {
    const next = await rest.next();
    if (next.done === true) break;
    head.push(next.value);
  }
  // An iterator made by hand: a generator that passes events on would cost a million-line log seconds.
  let given = 0;
  const next = (): Promise<IteratorResult<LogEvent>> => {
    const value = head[given++];
    return value === undefined ? rest.next() : Promise.resolve({ done: false, value });
  };
  return { head, all: { next } };
}

/** The nodes from the initial state to the end. */
function pathTo(end: SearchNode): readonly SearchNode[] {
  const path: SearchNode[] = [];
  for (let node: SearchNode | undefined = end; node !== undefined; node = node.from) path.push(node);
  return path.reverse();
}

function matchedStep({ step, state, event }: SearchNode): MatchedStep {
  return {
    action: step?.action ?? null,
    parameters: step?.parameters ?? {},
    state: state.value,
    ...(event !== undefined && { event: placeOf(event.event) }),
  };
}

function brokenInvariant(system: System, path: readonly SearchNode[]): BrokenInvariant | undefined {
  for (const { state, event } of path) {
    for (const invariant of system.invariants) {
      const { holds, parameters } = evaluate(invariant, state.value);
      if (!holds) return { name: invariant.name, parameters, ...(event && { event: placeOf(event.event) }) };
    }
  }
  return undefined;
}
