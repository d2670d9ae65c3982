/**
 * What made a property fail: the reads of its failing run, as paths into the state and the values found there.
 */
import type { System } from '../spec/index.ts';
import { show, type RecordValue, type Value } from '../value/index.ts';
import { LearnedSystem } from './learned-system.ts';
import { Ask } from './query.ts';

/** Something that was read, and what was found: `rmState.rm1` was `'aborted'`. */
export interface Read {
  readonly path: string;
  readonly value: Value;
}

/**
 * Runs a property on the states for which it fails, and tells what that run read, in order.
 *
 * @param leaves - paths of the state that are known to change shape
 * @param routine - the number of the property
 * @param states - the state, or for a property of steps the states before and after
 */
export function readsOf(
  system: System,
  leaves: ReadonlySet<string>,
  routine: number,
  states: readonly RecordValue[],
): Read[] {
  const learned = new LearnedSystem(system, leaves);
  const layout = learned.firstLayout();
  learned.compile(layout);
  const ids = states.map((state) => {
    const numbers = new Int32Array(layout.groups.length);
    layout.encode(state, numbers);
    return numbers;
  });
  const ofStep = learned.learner.routines[routine]?.kind === 'transitionInvariant';
  const last = ids.at(-1) as Int32Array;
  const asked = learned.learner.failingRun(routine, ofStep ? (ids.at(-2) as Int32Array) : last, last);
  return (asked ?? []).flatMap(({ query, answer }) => {
    const { side, slot, ask, argument } = learned.learner.queries.at(query);
    if (ask === Ask.choice || ask === Ask.fork) return [];
    const { path, kind } = layout.shape.slots[slot]!;
    const place = `${ofStep ? (side === 0 ? 'before.' : 'after.') : ''}${path}`;
    const key = argument === 0 ? '' : show(layout.values.value(argument));
    switch (ask) {
      case Ask.entry:
        if (kind === 'set') return [{ path: `${place}.has(${key})`, value: answer === 1 }];
        if (kind === 'bag') return [{ path: `${place}.count(${key})`, value: answer }];
        return [{ path: `${place}.get(${key})`, value: answer === 0 ? null : layout.values.value(answer) }];
      case Ask.size:
        return [{ path: `${place}.size`, value: answer }];
      case Ask.distinct:
        return [{ path: `${place}.distinct`, value: answer }];
      case Ask.where:
        return [{ path: `${place}.where(${key})`, value: layout.values.value(answer) }];
      default:
        return [{ path: place, value: layout.values.value(answer) }];
    }
  });
}
