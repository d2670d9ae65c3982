/** Counts how often user code is called. */
import type { Routine, System } from '../spec/index.ts';
import type { LearningStatistics } from './result.ts';

/** A system whose calls of user code are counted. */
export interface CountedSystem {
  readonly system: System;
  /** The calls so far: of actions and `afterEach`, and of properties of every kind. */
  calls(): LearningStatistics;
}

/** The same system, its routines counting their calls. */
export function countCalls(system: System): CountedSystem {
  let actionCalls = 0;
  let invariantCalls = 0;
  const counted = (routine: Routine): Routine => ({
    kind: routine.kind,
    name: routine.name,
    run(choose, state, other) {
      if (routine.kind === 'action' || routine.kind === 'afterEach') actionCalls += 1;
      else invariantCalls += 1;
      return routine.run(choose, state, other);
    },
  });
  const maybe = (routine: Routine | undefined): Routine | undefined => routine && counted(routine);
  return {
    system: {
      ...system,
      actions: system.actions.map(counted),
      afterEach: maybe(system.afterEach),
      invariants: system.invariants.map(counted),
      transitionInvariants: system.transitionInvariants.map(counted),
      constraint: maybe(system.constraint),
      actionConstraint: maybe(system.actionConstraint),
      terminated: maybe(system.terminated),
    },
    calls: () => ({ actionCalls, invariantCalls, audited: 0 }),
  };
}
