/**
 * Consensus that survives a crash, without clocks and without luck: it never decides wrongly, and need not decide at all.
 *
 * M. Fischer, N. Lynch, M. Paterson, *Impossibility of distributed consensus with one faulty process* (1985): every such
 * protocol has a fair behaviour in which nobody ever decides. This is one, found by the checker, of the protocol of
 * M. Ben-Or, *Another advantage of free choice* (1983) with its coin left out. With it, or with an oracle that says whom to
 * follow, the processes decide. Rounds are as in B. Charron-Bost and A. Schiper, *The Heard-Of model* (2009): who is heard
 * in a round is up to the network, and what comes late is lost.
 */
import { defineSpec, each, mapOf, nodes, oneOf, subsets, when } from 'bivalent';

type Name = `p${number}`;
type Bit = 0 | 1;
/**
 * What is said in a round: a value; in the second phase also that none was in the majority; at its end, that a coin decides.
 * Null of one that is down.
 */
type Word = Bit | 'none' | 'toss';

type ProcessState = {
  input: Bit;
  value: Bit;
  says: Word | null;
  willSay: Word | null;
  decision: Bit | null;
  isUp: boolean;
};
type State = { phase: 'report' | 'propose'; process: Record<Name, ProcessState> };

/** The value that at least so many of the words say. */
const saidBy = (words: readonly (Word | null)[], atLeast: number): Bit | undefined =>
  ([0, 1] as const).find((bit) => words.filter((word) => word === bit).length >= atLeast);

export default defineSpec({
  name: 'FlpConsensus',
  constants: {
    Process: nodes('p', 3),
    /** How many may crash. */
    crashes: 1,
    /** A process goes on when it has heard of all but so many: it cannot tell who is slow from who is down. */
    waitsForAllBut: 1,
    /** What they have beside messages: nothing, a coin each (Ben-Or), or an oracle that says whom to follow (Ω). */
    help: oneOf('none', 'coin', 'oracle'),
  },

  init: ({ Process, pick }): State => {
    const { ones } = pick({ ones: subsets(Process) });
    const process = mapOf(Process, (p): ProcessState => {
      const input: Bit = ones.includes(p) ? 1 : 0;
      return { input, value: input, says: input, willSay: null, decision: null, isUp: true };
    });
    return { phase: 'report', process };
  },

  actions: {
    /** A process ends its round with what it has heard: it cannot wait for all, one of them may have crashed. */
    hear(s, { Process, waitsForAllBut, help, pick }) {
      const { p } = pick({ p: Process });
      const self = s.process[p]!;
      when(self.isUp && self.willSay === null);
      const { from } = pick({ from: subsets(Process) });
      when(from.length >= Process.length - waitsForAllBut && from.every((q) => s.process[q]!.says !== null));
      const words = from.map((q) => s.process[q]!.says);
      const majority = Math.floor(Process.length / 2) + 1;
      if (s.phase === 'report') {
        self.willSay = saidBy(words, majority) ?? 'none';
        return;
      }
      // Ben-Or: decide what a majority proposes, adopt what one proposes, and toss a coin otherwise; without one, stay.
      const proposed = saidBy(words, 1);
      self.value = proposed ?? self.value;
      self.decision ??= saidBy(words, majority) ?? null;
      self.willSay = proposed === undefined && help === 'coin' ? 'toss' : self.value;
    },

    /** All who are up have ended their round; coins fall, and oracles say whose value to begin the next one with. */
    nextRound(s, { Process, help, pick }) {
      const words = mapOf(Process, (p) => s.process[p]!.willSay);
      when(Process.every((p) => !s.process[p]!.isUp || words[p] !== null));
      if (s.phase === 'propose' && help === 'coin') {
        // The words are picked for their names: fairness of each outcome is of each after the same words.
        const tossing = Process.filter((p) => words[p] === 'toss');
        const { heads } = pick({ words: [{ ...words }], heads: subsets(tossing) });
        for (const p of tossing) words[p] = heads.includes(p) ? 1 : 0;
      }
      if (s.phase === 'propose' && help === 'oracle') {
        const { leader, followers } = pick({ leader: Process, followers: subsets(Process) });
        const told = words[leader];
        for (const p of followers) if (words[p] !== null) words[p] = told ?? words[p]!;
      }
      for (const p of Process) {
        const self = s.process[p]!;
        self.says = words[p]!;
        self.willSay = null;
        if (s.phase === 'propose' && self.isUp) self.value = self.says as Bit;
      }
      s.phase = s.phase === 'report' ? 'propose' : 'report';
    },

    /** What it has said in this round may still be heard, by some. */
    crash(s, { Process, crashes, pick }) {
      const { p } = pick({ p: Process });
      when(s.process[p]!.isUp && Process.filter((q) => !s.process[q]!.isUp).length < crashes);
      s.process[p]!.isUp = false;
      s.process[p]!.willSay = null;
    },
  },

  faults: { crash: ({ crashes }) => crashes > 0 },

  invariants: {
    /** If it fails, two processes act on different decisions: both are primary, or neither. */
    agreement: (s, { Process, forAll }) => {
      const { p, q } = forAll({ p: Process, q: Process });
      const [one, other] = [s.process[p]!.decision, s.process[q]!.decision];
      return one === null || other === null || one === other;
    },

    /** If it fails, something was decided that nobody has asked for. */
    validity: (s, { Process, forAll }) => {
      const { p } = forAll({ p: Process });
      const { decision } = s.process[p]!;
      return decision === null || Process.some((q) => s.process[q]!.input === decision);
    },
  },

  /**
   * All who are up take their steps: the behaviour that never decides is not one in which somebody stops. Of coins that are
   * tossed again and again after the same words, every outcome comes up again and again; that is certain, if only with
   * probability one (A. Pnueli, *On the extremely fair treatment of probabilistic algorithms*, 1983).
   */
  fairness: ({ help }) => ({
    weak: [each('hear', 'p'), 'nextRound'],
    strong: help === 'coin' ? [each('nextRound')] : [],
  }),

  temporal: ({ and, eventually, eventuallyAlways, implies, or, taken }, { Process, help }) => {
    const decided = eventually((s) => Process.every((p) => !s.process[p]!.isUp || s.process[p]!.decision !== null));
    /** What Ω promises: in the end, all are told to follow one that is up, and always the same. */
    const oracleSettles = or(
      ...Process.map((q) => {
        const isRight = and((s) => s.process[q]!.isUp, taken('nextRound', { leader: q, followers: Process }));
        return eventuallyAlways(
          implies(
            taken('nextRound'),
            or((s) => s.phase === 'report', isRight),
          ),
        );
      }),
    );
    return {
      /** If it fails, the processes talk for ever and come to nothing. */
      whoIsUpDecides: help === 'oracle' ? implies(oracleSettles, decided) : decided,
    };
  },

  models: {
    /** The theorem: this is expected of every protocol that survives a crash, and not a mistake in this one. */
    small: { expected: { result: 'violation', breaks: 'whoIsUpDecides', steps: 8 } },
    'no-crash-happens': {
      constants: { crashes: 0 },
      expected: { result: 'violation', breaks: 'whoIsUpDecides', steps: 8 },
    },
    /** What helps: a coin for each, with probability one; or an oracle that is right in the end. */
    coin: {
      constants: { help: 'coin' },
      expected: { result: 'ok', distinct: 22766, generated: 111752, depth: 23 },
    },
    oracle: {
      constants: { help: 'oracle' },
      expected: { result: 'ok', distinct: 19742, generated: 158310, depth: 36 },
    },
    /** Where nobody crashes, and all wait for all, it decides; */
    'waits-for-all': {
      constants: { crashes: 0, waitsForAllBut: 0 },
      expected: { result: 'ok', distinct: 248, generated: 416, depth: 15 },
    },
    /** and where somebody crashes, all wait for it for ever. */
    'waits-for-a-crashed-one': {
      constants: { waitsForAllBut: 0 },
      expected: { result: 'violation', breaks: 'deadlock', steps: 4 },
    },
  },

  mutants: {
    'decides on its own when it has waited long enough': {
      actions: {
        hear(s, { Process, waitsForAllBut, pick }) {
          const { p, from } = pick({ p: Process, from: subsets(Process) });
          const self = s.process[p]!;
          when(self.isUp && self.willSay === null);
          when(from.length >= Process.length - waitsForAllBut && from.every((q) => s.process[q]!.says !== null));
          const words = from.map((q) => s.process[q]!.says);
          if (s.phase === 'propose') {
            self.value = saidBy(words, 1) ?? self.value;
            self.decision ??= self.value;
            self.willSay = self.value;
          } else self.willSay = saidBy(words, Math.floor(Process.length / 2) + 1) ?? 'none';
        },
      },
      breaks: 'agreement',
      steps: 6,
    },
    'proposes always the same': {
      model: 'waits-for-all',
      actions: {
        hear(s, { Process, pick }) {
          const { p } = pick({ p: Process });
          const self = s.process[p]!;
          when(self.isUp && self.willSay === null);
          if (s.phase === 'propose') self.decision ??= 1;
          self.willSay = self.value;
        },
      },
      breaks: 'validity',
      steps: 5,
    },
    'says what it says again when nothing comes of it': {
      model: 'waits-for-all',
      actions: {
        nextRound(s, { Process }) {
          when(Process.every((p) => s.process[p]!.willSay !== null));
          for (const p of Process) s.process[p]!.willSay = null;
        },
      },
      breaks: 'whoIsUpDecides',
      steps: 4,
    },
  },
});
