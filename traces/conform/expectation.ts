/** What an event requires of a step, made ready for the search: names looked up, picks and observations canonical. */
import { BivalentError, nearest } from '../../checker/core/index.ts';
import { canonical } from '../../checker/value/index.ts';
import type { RecordValue, View } from '../../checker/value/index.ts';
import { placeOf, type LogEvent } from '../event/index.ts';
import type { BindingDefinition, EventRule, Explanation, RuleConstants } from './binding.ts';
import { checksOf, Test, type Check } from './observation.ts';
import type { GivenPicks } from './spec-steps.ts';

/** One explanation of an event, made ready. */
export interface Expectation {
  /** The actions of which one must do; empty for an event that reports no step. */
  readonly actions: readonly string[];
  readonly picks: GivenPicks;
  readonly before: readonly Check[];
  readonly after: readonly Check[] | ((before: RecordValue) => readonly Check[]);
}

/** An event with what it requires; one of the expectations must do. */
export interface BoundEvent {
  readonly event: LogEvent;
  readonly expectations: readonly Expectation[];
}

/** Makes the events of a log ready, by the rules of a binding. */
export class EventBinder {
  readonly #definition: BindingDefinition<unknown, unknown, never>;
  readonly #constants: RuleConstants;
  readonly #actions: readonly string[];

  constructor(
    definition: BindingDefinition<unknown, unknown, never>,
    constants: RuleConstants,
    actions: readonly string[],
  ) {
    this.#definition = definition;
    this.#constants = constants;
    this.#actions = actions;
    for (const name of definition.hidden?.actions ?? []) this.#requireAction(name, 'hidden');
  }

  /**
   * What an event requires; `undefined` where the binding passes it over.
   *
   * @throws BivalentError located at the event: no rule for it, or a rule that is wrong
   */
  bind(event: LogEvent): BoundEvent | undefined {
    const rule = this.#ruleFor(event);
    let explanations: readonly Explanation<never>[];
    try {
      const given = typeof rule === 'function' ? rule(event, this.#constants) : rule;
      explanations = given === undefined ? [] : isList(given) ? given : [given];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw located('binding/threw', event, `the binding's rule for this event threw: ${reason}`, error);
    }
    if (explanations.length === 0) return undefined;
    return { event, expectations: explanations.map((explanation) => this.#expectation(explanation, event)) };
  }

  /** What the binding says of the initial state. */
  initialChecks(): readonly Check[] {
    const { initial } = this.#definition;
    return checksOf(typeof initial === 'function' ? initial(this.#constants) : initial);
  }

  #ruleFor(event: LogEvent): EventRule<never> {
    const { events, otherEvents } = this.#definition;
    const { name } = event;
    const rule = name !== undefined && Object.hasOwn(events, name) ? events[name] : otherEvents;
    if (rule !== undefined) return rule;
    if (name === undefined)
      throw located('binding/no-rule', event, 'the event has no name, and the binding no otherEvents');
    const close = nearest(name, Object.keys(events));
    const advice = close === undefined ? '' : ` (did you mean ${close}?)`;
    throw located('binding/no-rule', event, `the binding has no rule for the event ${name}${advice}`);
  }

  #expectation(explanation: Explanation<never>, event: LogEvent): Expectation {
    const { action, stutter = false, picks = {}, before, after } = explanation;
    const actions = action === undefined ? this.#actions : typeof action === 'string' ? [action] : action;
    for (const name of actions) this.#requireAction(name, event.name ?? 'otherEvents');
    try {
      return {
        actions: stutter ? [] : actions,
        picks: givenPicks(picks),
        before: checksOf(before),
        after: typeof after === 'function' ? (state) => changeChecks(after, state, event) : checksOf(after),
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw located('binding/value', event, `the binding's rule for this event gives no value: ${reason}`, error);
    }
  }

  #requireAction(name: string, rule: string): void {
    if (this.#actions.includes(name)) return;
    const close = nearest(name, this.#actions);
    const advice = close === undefined ? `its actions are ${this.#actions.join(', ')}` : `did you mean ${close}?`;
    const message = `The binding's rule ${rule} names the action ${name}, which the spec does not have (${advice})`;
    throw new BivalentError('binding/unknown-action', message);
  }
}

/** What an event says of the state after a step, as a change of the state before it. */
function changeChecks(after: (before: View<never>) => unknown, before: RecordValue, event: LogEvent): readonly Check[] {
  try {
    return checksOf(after(before as View<never>));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw located('binding/threw', event, `the binding's rule for this event threw: ${reason}`, error);
  }
}

function givenPicks(picks: Readonly<Record<string, unknown>>): GivenPicks {
  return Object.fromEntries(
    Object.entries(picks).map(([name, given]) => [name, given instanceof Test ? given : canonical(given)]),
  );
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}

function located(code: `binding/${string}`, event: LogEvent, problem: string, cause?: unknown): BivalentError {
  const details = { file: event.file, line: event.line };
  return new BivalentError(code, `${placeOf(event)}: ${problem}`, details, { cause });
}
