/**
 * Behaviours as logs for ShiViz: each step of somebody is an event with a vector clock.
 *
 * The first line is the expression by which ShiViz finds events, the second (empty) what would separate executions. Events
 * are ordered by what was sent and received: where a spec is no protocol, whose messages can be told, the events of
 * different hosts are all concurrent in the picture. Steps that nobody took are those of a host of their own.
 *
 * Source: DistributedClocks/shiviz, DistributedClocks/GoVector.
 */
import type { Behaviour, Report } from './report.ts';

const expression = String.raw`(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`;

/** The behaviour of a report as a log for ShiViz; `undefined` where it has none, or no step. */
export function shivizReport({ behaviour }: Report): string | undefined {
  if (behaviour === undefined || behaviour.steps.length < 2) return undefined;
  const hosts = hostNames(behaviour);
  const clocks = new Map<string, ReadonlyMap<string, number>>();
  /** The clock with which each message was sent. */
  const stamps = new Map<number, ReadonlyMap<string, number>>();
  const events = behaviour.steps.slice(1).map(({ lane, name, sent, received }) => {
    const host = hosts.get(lane)!;
    const clock = new Map(clocks.get(host));
    for (const message of received) for (const [other, n] of stamps.get(message) ?? []) raise(clock, other, n);
    clock.set(host, (clock.get(host) ?? 0) + 1);
    clocks.set(host, clock);
    for (const message of sent) stamps.set(message, clock);
    return `${host} ${JSON.stringify(Object.fromEntries(clock))}\n${oneLine(name)}\n`;
  });
  return `${expression}\n\n${events.join('')}`;
}

function raise(clock: Map<string, number>, host: string, n: number): void {
  clock.set(host, Math.max(clock.get(host) ?? 0, n));
}

/** A name without spaces for each lane, and for nobody in particular. */
function hostNames({ lanes, steps }: Behaviour): ReadonlyMap<string | undefined, string> {
  const names = new Map<string | undefined, string>();
  const taken = new Set<string>();
  for (const lane of [...lanes, ...steps.map((step) => step.lane)]) {
    if (names.has(lane)) continue;
    // An object's key that is a number would move to the front of the clock.
    const plain = (lane ?? 'environment').replaceAll(/[^\p{L}\p{N}_.-]/gu, '_').replace(/^(?=\d|$)/, '_');
    let name = plain;
    for (let n = 2; taken.has(name) || name === '__proto__'; n++) name = `${plain}-${n}`;
    taken.add(name);
    names.set(lane, name);
  }
  return names;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ') || ' ';
}
