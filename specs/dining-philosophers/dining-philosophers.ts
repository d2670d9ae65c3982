/**
 * The dining philosophers, as Chandy and Misra solve them: forks are dirty after a meal, and whoever holds a dirty fork
 * cleans it and hands it to the neighbour.
 *
 * Renders `DiningPhilosophers.tla` of the TLA+ examples, after K. M. Chandy and J. Misra, *The drinking philosophers
 * problem* (1984). Philosopher p has fork p on the left and fork p + 1 on the right.
 */
import { defineSpec, each, mapOf, nodes, oneOf, when } from 'bivalent';
import type { Draft } from 'bivalent';

type Philosopher = `p${number}`;
type Table = readonly Philosopher[];
type Fork = { holder: Philosopher; clean: boolean };
type State = {
  philosopher: Record<Philosopher, { at: 'loop' | 'eating' | 'thinking'; hungry: boolean }>;
  fork: Record<Philosopher, Fork>;
};

/** The philosopher `by` places to the right, around the table. */
const neighbour = (table: Table, p: Philosopher, by: 1 | -1): Philosopher =>
  table[(table.indexOf(p) + by + table.length) % table.length]!;

/** Cleans a fork in the philosopher's hands and gives it to the neighbour on that side, the left one first. */
function handOver(s: Draft<State>, table: Table, p: Philosopher, isDue: (fork: Fork) => boolean): void {
  const left = s.fork[p]!;
  const right = s.fork[neighbour(table, p, 1)]!;
  if (left.holder === p && isDue(left)) {
    left.holder = neighbour(table, p, -1);
    left.clean = true;
  } else if (right.holder === p && isDue(right)) {
    right.holder = neighbour(table, p, 1);
    right.clean = true;
  }
}

function leaveLoop(s: Draft<State>, p: Philosopher, canEat: boolean): void {
  const self = s.philosopher[p]!;
  if (!self.hungry) self.at = 'thinking';
  else if (canEat) self.at = 'eating';
}

export default defineSpec({
  name: 'DiningPhilosophers',
  constants: {
    Philosopher: nodes('p', 5),
    /** `uneven`: somebody holds two forks, and somebody none. `even`: each holds the left one. */
    firstForks: oneOf('uneven', 'even'),
  },
  init: ({ Philosopher, firstForks }): State => {
    const second = firstForks === 'uneven' ? Philosopher[1] : undefined;
    return {
      philosopher: mapOf(Philosopher, () => ({ at: 'loop', hungry: true })),
      fork: mapOf(Philosopher, (f) => ({ holder: f === second ? Philosopher[0]! : f, clean: false })),
    };
  },

  actions: {
    /** "Check if we're holding dirty forks that other philosophers might want": clean one and hand it over; then eat? */
    loop(s, { Philosopher, pick }) {
      const { p } = pick({ p: Philosopher });
      when(s.philosopher[p]!.at === 'loop');
      // Judged on the forks as they are found, as in the original.
      const forks = [s.fork[p]!, s.fork[neighbour(Philosopher, p, 1)]!];
      const canEat = forks.every((fork) => fork.holder === p && fork.clean);
      handOver(s, Philosopher, p, (fork) => !fork.clean);
      leaveLoop(s, p, canEat);
    },

    /** "Eating causes a fork to become dirty." */
    eat(s, { Philosopher, pick }) {
      const { p } = pick({ p: Philosopher });
      const self = s.philosopher[p]!;
      when(self.at === 'eating');
      self.at = 'loop';
      self.hungry = false;
      s.fork[p]!.clean = false;
      s.fork[neighbour(Philosopher, p, 1)]!.clean = false;
    },

    /** Having thought, the philosopher is hungry again. */
    think(s, { Philosopher, pick }) {
      const { p } = pick({ p: Philosopher });
      const self = s.philosopher[p]!;
      when(self.at === 'thinking');
      self.at = 'loop';
      self.hungry = true;
    },
  },

  invariants: {
    /** If it fails, two neighbours eat with the same fork. */
    neighboursDoNotEatTogether: (s, { Philosopher, forAll }) => {
      const { p } = forAll({ p: Philosopher });
      const right = neighbour(Philosopher, p, 1);
      return !(s.philosopher[p]!.at === 'eating' && s.philosopher[right]!.at === 'eating');
    },

    /** If it fails, somebody eats with fewer than two clean forks in hand. */
    eatsWithTwoCleanForks: (s, { Philosopher, forAll }) => {
      const { p } = forAll({ p: Philosopher });
      if (s.philosopher[p]!.at !== 'eating') return true;
      const left = s.fork[p]!;
      const right = s.fork[neighbour(Philosopher, p, 1)]!;
      return left.holder === p && left.clean && right.holder === p && right.clean;
    },
  },

  temporal: ({ and, leadsTo }, { Philosopher }) => ({
    /** If it fails, a philosopher starves while the neighbours eat, or while nobody does. */
    whoIsHungryEats: and(
      ...Philosopher.map((p) =>
        leadsTo(
          (s) => s.philosopher[p]!.hungry,
          (s) => s.philosopher[p]!.at === 'eating',
        ),
      ),
    ),
  }),
  /** Nobody eats or thinks for ever, and everybody looks after the forks: weak fairness of each is enough. */
  fairness: { weak: [each('loop', 'p'), each('eat', 'p'), each('think', 'p')] },

  models: {
    small: { expected: { result: 'ok', distinct: 67, generated: 336, depth: 29 } },
    medium: {
      constants: { Philosopher: 16 },
      expected: { result: 'ok', distinct: 131075, generated: 2097201, depth: 95 },
    },
  },

  mutants: {
    'eats with one fork': {
      actions: {
        loop(s, { Philosopher, pick }) {
          const { p } = pick({ p: Philosopher });
          when(s.philosopher[p]!.at === 'loop');
          const left = s.fork[p]!;
          const canEat = left.holder === p && left.clean;
          handOver(s, Philosopher, p, (fork) => !fork.clean);
          leaveLoop(s, p, canEat);
        },
      },
      breaks: 'eatsWithTwoCleanForks',
      steps: 3,
    },
    'hands over clean forks, too': {
      actions: {
        loop(s, { Philosopher, pick }) {
          const { p } = pick({ p: Philosopher });
          when(s.philosopher[p]!.at === 'loop');
          const forks = [s.fork[p]!, s.fork[neighbour(Philosopher, p, 1)]!];
          const canEat = forks.every((fork) => fork.holder === p && fork.clean);
          handOver(s, Philosopher, p, () => true);
          leaveLoop(s, p, canEat);
        },
      },
      breaks: 'eatsWithTwoCleanForks',
      steps: 4,
    },
    'a fork stays clean after a meal': {
      actions: {
        eat(s, { Philosopher, pick }) {
          const { p } = pick({ p: Philosopher });
          const self = s.philosopher[p]!;
          when(self.at === 'eating');
          self.at = 'loop';
          self.hungry = false;
        },
      },
      breaks: 'whoIsHungryEats',
      steps: 9,
    },
    'each holds one fork at first': { constants: { firstForks: 'even' }, breaks: 'whoIsHungryEats', steps: 5 },
  },
});
