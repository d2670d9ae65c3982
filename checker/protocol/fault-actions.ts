/** What faults do: one action each. */
import { range, when } from '../spec/index.ts';
import { equal } from '../value/index.ts';
import { spend } from './faults.ts';
import type { FaultName } from './faults.ts';
import { dropWhere, duplicate, pickAny, requireNothingDue, send, take } from './in-flight.ts';
import { durableOf, volatileOf } from './initial-state.ts';
import type { Fields, Link, Status } from './running-state.ts';
import { handle, recover, sync } from './steps.ts';
import type { Step } from './steps.ts';

/** The faults by name. Each is enabled while there is something left of its budget. */
export const faultActions: { readonly [F in FaultName]: (step: Step, forgets: readonly string[]) => void } = {
  crash(step, forgets) {
    const at = pickNode(step, 'up');
    stop(step, at, 'down', forgets);
    // What a crash leaves of writes that were not synced is said by other faults; here all of them reached the disk.
    sync(step.state, step.run, at);
  },
  crashForever(step, forgets) {
    stop(step, pickNode(step, 'up'), 'gone', forgets);
  },
  restart(step) {
    const at = pickNode(step, 'down');
    step.state.status[at] = 'up';
    recover(step, at);
  },
  unsynced(step, forgets) {
    const { state, context } = step;
    const at = pickNode(step, 'up');
    const { synced, writes } = state.disk[at]!;
    const { kept } = context.pick({ kept: range(0, writes.length - 1) });
    const left = kept === 0 ? synced : writes[kept - 1]!;
    loseWrites(step, at, left, forgets);
  },
  torn(step, forgets) {
    const { state, context } = step;
    const at = pickNode(step, 'up');
    const { synced, writes } = state.disk[at]!;
    const last = writes.at(-1);
    when(last !== undefined);
    const { left } = context.pick({ left: tornWrites(writes.at(-2) ?? synced, last) });
    loseWrites(step, at, left, forgets);
  },
  pause(step) {
    const at = pickNode(step, 'up');
    step.state.status[at] = 'paused';
  },
  resume(step) {
    const at = pickNode(step, 'paused');
    step.state.status[at] = 'up';
  },
  loss({ state, run, context }) {
    take(state, run, pickAny(state, run, context.pick));
  },
  duplication(step) {
    const { state, run, context } = step;
    const isSet = run.network.copies === 'set';
    const place = isSet ? pickTwice(step) : pickAny(state, run, context.pick);
    if (isSet && place.queue === undefined) handle(step, place);
    else duplicate(state, run, place);
  },
  partition({ state, run, context }) {
    when(state.cut.size === 0);
    const { side } = context.pick({ side: sidesOf(run.nodes) });
    const inside = new Set(side);
    cutLinks({ state, run, context }, (link) => inside.has(link.from) !== inside.has(link.to));
  },
  cutLink({ state, run, context }) {
    const { from, to } = context.pick({ from: run.nodes, to: run.nodes });
    when(from !== to);
    when(!state.cut.has({ from, to }));
    cutLinks({ state, run, context }, (link) => link.from === from && link.to === to);
  },
  heal({ state }) {
    when(state.cut.size > 0);
    state.cut.clear();
  },
  drift({ state, run, context }) {
    const { at, rate } = context.pick({ at: run.nodes, rate: ['fast', 'slow'] });
    if (rate === 'fast') state.clock[at]! += 1;
    else tick({ state, run, context }, at);
    requireWithinSkew({ state, run }, at);
  },
  clockStep(step) {
    const { state, run, context } = step;
    const { at } = context.pick({ at: run.nodes });
    const skew = run.skewOf(at);
    const { clock } = context.pick({ clock: range(Math.max(0, state.time - skew), state.time + skew) });
    when(clock !== state.clock[at]);
    state.clock[at] = clock;
  },
  byzantine({ state, run, context }) {
    const { byzantine } = run.protocol;
    const { at } = context.pick({ at: byzantine!.nodes(run.constants) });
    run.requireRunning(state, at);
    const { message, to } = context.pick({ message: byzantine!.messages(run.constants, at), to: run.parties });
    when(Object.hasOwn(run.handlersOf(to), message.type));
    send(state, run, { from: at, to }, message);
  },
};

/** Time goes on: every clock by one, but that of a node which is too slow. */
export function tick({ state, run }: Step, slow?: string): void {
  when(state.time < run.clocks!.until);
  requireNothingDue(state, run);
  state.time += 1;
  for (const node of run.nodes) if (node !== slow) state.clock[node]! += 1;
  for (const node of run.nodes) requireWithinSkew({ state, run }, node);
}

function requireWithinSkew({ state, run }: Pick<Step, 'state' | 'run'>, node: string): void {
  when(Math.abs(state.clock[node]! - state.time) <= run.skewOf(node));
}

/** Takes one from the budget of a fault, or disables it. */
export function spendOrDisable({ state }: Step, fault: FaultName): void {
  when(spend(state, fault));
}

function pickNode({ state, run, context }: Step, status: Status): string {
  const { at } = context.pick({ at: run.nodes });
  when(state.status[at] === status);
  return at;
}

/** A node stops; what is in its memory is lost, so that it is now what it will be when it starts again. */
function stop({ state, run }: Step, node: string, status: Status, forgets: readonly string[]): void {
  state.status[node] = status;
  const durable = durableOf(run, node);
  const lost: Fields = { ...volatileOf(run, node) };
  for (const field of forgets) lost[field] = durable[field];
  Object.assign(state.node[node]!, lost);
  const timers = state.timer?.[node];
  if (timers !== undefined) for (const timer of Object.keys(timers)) timers[timer] = false;
  if (run.network.toCrashed === 'lost') dropWhere(state, run, (link) => link.to === node);
}

function loseWrites(step: Step, node: string, left: Fields, forgets: readonly string[]): void {
  Object.assign(step.state.node[node]!, left);
  stop(step, node, 'down', forgets);
  sync(step.state, step.run, node);
}

/** What a write may leave when it is torn: some of the fields that it changed are changed, and the others are not. */
function tornWrites(before: Fields, after: Fields): Fields[] {
  const changed = Object.keys(after).filter((field) => !equal(before[field], after[field]));
  let torn: Fields[] = [before];
  for (const field of changed) {
    torn = torn.flatMap((fields) => partsOf(before[field], after[field]).map((part) => ({ ...fields, [field]: part })));
  }
  return torn.filter((fields) => !equal(fields, before) && !equal(fields, after));
}

/** What may be on disk of one field: the old value, the new one, or an array that grew only in part. */
function partsOf(before: unknown, after: unknown): unknown[] {
  if (!Array.isArray(before) || !Array.isArray(after)) return [before, after];
  const grew = after.length > before.length && equal(after.slice(0, before.length), before);
  if (!grew) return [before, after];
  return range(before.length, after.length).map((length) => after.slice(0, length));
}

/** A message of an unordered network of sets arrives, and is still in flight. */
function pickTwice({ state, run, context }: Step): ReturnType<typeof pickAny> {
  const place = pickAny(state, run, context.pick);
  if (place.queue !== undefined) return place;
  run.requireRunning(state, place.to);
  if (run.mayCut && run.network.acrossCut === 'kept') when(!state.cut.has({ from: place.from, to: place.to }));
  return place;
}

function cutLinks({ state, run }: Step, isCut: (link: Link) => boolean): void {
  for (const from of run.nodes) {
    for (const to of run.nodes) if (isCut({ from, to })) state.cut.add({ from, to });
  }
  const between = (link: Link): boolean => !run.isClient(link.from) && !run.isClient(link.to) && isCut(link);
  if (run.network.acrossCut === 'lost') dropWhere(state, run, between);
}

/** The ways to fall apart in two groups, each by the group that the first node is not in. */
function sidesOf(nodes: readonly string[]): readonly (readonly string[])[] {
  let sides: readonly (readonly string[])[] = [[]];
  for (const node of nodes.slice(1)) sides = [...sides, ...sides.map((side) => [...side, node])];
  return sides.filter((side) => side.length > 0);
}
