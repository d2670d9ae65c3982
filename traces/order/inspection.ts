/**
 * Everything that `bivalent clocks` checks of a log, in one pass over its events.
 *
 * What a log has is checked: vector clocks, Lamport clocks, messages; and the rules that are asked for. A log that has
 * nothing of the kind is an error, as "valid" would be said of something that was not looked at.
 */
import { BivalentError } from '../../checker/core/index.ts';
import type { LogEvent } from '../event/index.ts';
import { AvailabilityMeter, type AvailabilityEvents, type NodeAvailability } from './availability.ts';
import type { FieldRule } from './field-rules.ts';
import type { Finding } from './finding.ts';
import { HappenedBefore } from './happened-before.ts';
import { MessageCheck } from './messages.ts';
import { VectorClockCheck } from './vector-clocks.ts';

/** What is asked of a log. */
export interface InspectionOptions {
  /** Whether the log holds only some of the events that its vector clocks count. */
  readonly sparse?: boolean;
  readonly rules?: readonly FieldRule[];
  readonly availability?: AvailabilityEvents;
  /** Two events, as `line` or `file:line`: which came first? */
  readonly concurrent?: readonly [string, string];
}

/** One thing that was checked. */
export interface InspectedCheck {
  readonly name: string;
  /** How many events it looked at. */
  readonly events: number;
  readonly totalFindings: number;
  /** The first hundred. */
  readonly findings: readonly Finding[];
}

/** How two events are ordered: `a → b`, `b → a`, or `a ∥ b`. */
export interface Concurrency {
  readonly first: string;
  readonly second: string;
  readonly relation: 'before' | 'after' | 'concurrent' | 'same';
}

/** What an inspection found. */
export interface Inspection {
  readonly result: 'valid' | 'invalid';
  readonly events: number;
  readonly nodes: readonly string[];
  readonly runs: number;
  readonly checks: readonly InspectedCheck[];
  readonly concurrency?: Concurrency;
  readonly availability?: readonly NodeAvailability[];
}

/**
 * Inspects a log.
 *
 * Memory: the vector clocks of all events in typed arrays, the messages that are under way, and with `concurrent` the
 * events themselves.
 *
 * @throws BivalentError `log/nothing-to-check` where the log has none of what is checked, or none of a field that a rule
 *   names; `log/no-such-event` where `concurrent` names none
 */
export async function inspectLog(
  events: AsyncIterable<LogEvent>,
  options: InspectionOptions = {},
): Promise<Inspection> {
  const counted = new LogContents(options);
  for await (const event of events) counted.add(event);
  const checks = counted.checks();
  const { availability, concurrent } = options;
  if (checks.length === 0 && availability === undefined && concurrent === undefined) {
    const message =
      'The log has neither vector clocks, Lamport clocks nor messages: there is nothing to check. ' +
      'Name a field that must not go back with --monotone, or say with --field where the clocks are.';
    throw new BivalentError('log/nothing-to-check', message);
  }
  return {
    result: checks.every((check) => check.totalFindings === 0) ? 'valid' : 'invalid',
    events: counted.events,
    nodes: [...counted.nodes],
    runs: counted.runs,
    checks,
    ...(concurrent !== undefined && { concurrency: relation(counted.kept, ...concurrent) }),
    ...(availability !== undefined && { availability: counted.availability() }),
  };
}

/** The checks, and what they have seen. */
class LogContents {
  readonly nodes = new Set<string>();
  readonly kept: LogEvent[] = [];
  events = 0;
  readonly #options: InspectionOptions;
  readonly #clocks = new Map<string | undefined, VectorClockCheck>();
  readonly #messages = new Map<string | undefined, MessageCheck>();
  readonly #meter: AvailabilityMeter;
  #messageEvents = 0;

  constructor(options: InspectionOptions) {
    this.#options = options;
    this.#meter = new AvailabilityMeter(options.availability ?? { up: [], down: [] });
  }

  get runs(): number {
    return this.#messages.size;
  }

  add(event: LogEvent): void {
    this.events += 1;
    if (event.node !== undefined) this.nodes.add(event.node);
    const { sparse = false, rules = [], concurrent, availability } = this.#options;
    if (event.clock !== undefined) getOrAdd(this.#clocks, event.run, () => new VectorClockCheck({ sparse })).add(event);
    if (event.message !== undefined || event.lamport !== undefined) this.#messageEvents += 1;
    getOrAdd(this.#messages, event.run, () => new MessageCheck()).add(event);
    for (const rule of rules) rule.add(event);
    if (availability !== undefined) this.#meter.add(event);
    if (concurrent !== undefined) this.kept.push(event);
  }

  /** What was there to check, with its findings. */
  checks(): InspectedCheck[] {
    const checks: InspectedCheck[] = [];
    if (this.#clocks.size > 0) {
      const reports = [...this.#clocks.values()].map((check) => check.report());
      checks.push(merged('vector clocks', sum(reports.map((report) => report.events)), reports));
    }
    if (this.#messageEvents > 0) {
      const reports = [...this.#messages.values()].map((check) => check.report());
      checks.push(merged('messages and Lamport clocks', this.#messageEvents, reports));
    }
    for (const rule of this.#options.rules ?? []) {
      const report = rule.report();
      if (report.events === 0) {
        throw new BivalentError(
          'log/nothing-to-check',
          `No event of the log has what this rule is about: ${rule.text}.`,
        );
      }
      checks.push(merged(rule.text, report.events, [report]));
    }
    return checks;
  }

  availability(): readonly NodeAvailability[] {
    return this.#meter.report();
  }
}

interface Found {
  readonly findings: readonly Finding[];
  readonly totalFindings: number;
}

function merged(name: string, events: number, reports: readonly Found[]): InspectedCheck {
  return {
    name,
    events,
    totalFindings: sum(reports.map((report) => report.totalFindings)),
    findings: reports.flatMap((report) => report.findings).slice(0, 100),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function relation(events: readonly LogEvent[], first: string, second: string): Concurrency {
  const [a, b] = [indexOf(events, first), indexOf(events, second)];
  const order = HappenedBefore.of(events.filter((event) => event.run === events[a]?.run));
  const inRun = (event: number): number => order.events.indexOf(events[event] as LogEvent);
  const [x, y] = [inRun(a), inRun(b)];
  if (a === b) return { first, second, relation: 'same' };
  if (order.precedes(x, y)) return { first, second, relation: 'before' };
  return { first, second, relation: order.precedes(y, x) ? 'after' : 'concurrent' };
}

/** The event that a user names as `line` or `file:line`; a file by the end of its path. */
function indexOf(events: readonly LogEvent[], name: string): number {
  const [, file = '', line = ''] = /^(?:(.*):)?(\d+)$/.exec(name) ?? [];
  const found = events.findIndex((event) => event.line === Number(line) && event.file.endsWith(file));
  if (line === '' || found < 0) {
    const message = `There is no event at ${name}: name one by the line on which it begins, as 12 or node1.log:12.`;
    throw new BivalentError('log/no-such-event', message);
  }
  return found;
}
