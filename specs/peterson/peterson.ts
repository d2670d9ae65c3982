/**
 * Peterson's algorithm: mutual exclusion of two processes with nothing but shared variables.
 *
 * Renders G. L. Peterson, *Myths about the mutual exclusion problem* (1981), with the labels and steps of `Peterson.tla` in
 * the TLA+ examples (locks_auxiliary_vars). Each action is one read or write of shared memory.
 */
import { defineSpec, each, when } from 'bivalent';

type Process = 'p1' | 'p2';
type At = 'noncritical' | 'raising' | 'yielding' | 'waiting' | 'critical' | 'leaving';

const PROCESSES: readonly Process[] = ['p1', 'p2'];
const otherThan = (process: Process): Process => (process === 'p1' ? 'p2' : 'p1');
const start = (): { at: At; wants: boolean } => ({ at: 'noncritical', wants: false });

export default defineSpec({
  name: 'Peterson',
  init: () => ({ process: { p1: start(), p2: start() }, turn: 'p1' as Process }),

  actions: {
    /** a0: "skip": whatever the process does when it does not need the resource. */
    begin(s, { pick }) {
      const { self } = pick({ self: PROCESSES });
      when(s.process[self].at === 'noncritical');
      s.process[self].at = 'raising';
    },

    /** a1: "c[self] := TRUE": I want to enter. */
    raiseFlag(s, { pick }) {
      const { self } = pick({ self: PROCESSES });
      when(s.process[self].at === 'raising');
      s.process[self].wants = true;
      s.process[self].at = 'yielding';
    },

    /** a2: "turn := Other(self)": after you. */
    giveWay(s, { pick }) {
      const { self } = pick({ self: PROCESSES });
      when(s.process[self].at === 'yielding');
      s.turn = otherThan(self);
      s.process[self].at = 'waiting';
    },

    /** a3: "await ~c[Other(self)] \/ turn = self". Either reason suffices; where both hold, they are two steps. */
    enter(s, { pick }) {
      const { self, because } = pick({ self: PROCESSES, because: ['other is not interested', 'my turn'] });
      when(s.process[self].at === 'waiting');
      when(because === 'my turn' ? s.turn === self : !s.process[otherThan(self)].wants);
      s.process[self].at = 'critical';
    },

    /** cs: "skip": the critical section. */
    finish(s, { pick }) {
      const { self } = pick({ self: PROCESSES });
      when(s.process[self].at === 'critical');
      s.process[self].at = 'leaving';
    },

    /** a4: "c[self] := FALSE". */
    lowerFlag(s, { pick }) {
      const { self } = pick({ self: PROCESSES });
      when(s.process[self].at === 'leaving');
      s.process[self].wants = false;
      s.process[self].at = 'noncritical';
    },
  },

  invariants: {
    /** If it fails, both processes write the same file at the same time. */
    mutualExclusion: (s) => {
      const inside = (p: Process): boolean => s.process[p].at === 'critical' || s.process[p].at === 'leaving';
      return !(inside('p1') && inside('p2'));
    },
  },

  /** A process that wants to enter goes on, and so does one that has entered. Neither need ever want to. */
  fairness: {
    weak: ['raiseFlag', 'giveWay', 'enter', 'finish', 'lowerFlag'].map((action) => each(action, 'self')),
  },

  temporal: ({ and, leadsTo }) => ({
    /** If it fails, one process is kept waiting for ever while the other works. */
    whoWantsEnters: and(
      ...PROCESSES.map((p) =>
        leadsTo(
          (s) => s.process[p].at === 'raising',
          (s) => s.process[p].at === 'critical',
        ),
      ),
    ),
  }),

  models: { small: { expected: { result: 'ok', distinct: 42, generated: 77, depth: 11 } } },

  mutants: {
    'each takes the turn for itself': {
      actions: {
        giveWay(s, { pick }) {
          const { self } = pick({ self: PROCESSES });
          when(s.process[self].at === 'yielding');
          s.turn = self;
          s.process[self].at = 'waiting';
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'gives way before it raises its flag': {
      actions: {
        raiseFlag(s, { pick }) {
          const { self } = pick({ self: PROCESSES });
          when(s.process[self].at === 'raising');
          s.turn = otherThan(self);
          s.process[self].at = 'yielding';
        },
        giveWay(s, { pick }) {
          const { self } = pick({ self: PROCESSES });
          when(s.process[self].at === 'yielding');
          s.process[self].wants = true;
          s.process[self].at = 'waiting';
        },
      },
      breaks: 'mutualExclusion',
      steps: 8,
    },
    'nobody gives way': {
      actions: {
        enter(s, { pick }) {
          const { self } = pick({ self: PROCESSES });
          when(s.process[self].at === 'waiting');
          when(!s.process[otherThan(self)].wants);
          s.process[self].at = 'critical';
        },
      },
      breaks: 'deadlock',
      steps: 6,
    },
    'leaves with its flag up': {
      actions: {
        lowerFlag(s, { pick }) {
          const { self } = pick({ self: PROCESSES });
          when(s.process[self].at === 'leaving');
          s.process[self].at = 'noncritical';
        },
      },
      breaks: 'whoWantsEnters',
      steps: 9,
    },
  },
});
