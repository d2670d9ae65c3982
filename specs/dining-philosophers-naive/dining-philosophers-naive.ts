/**
 * The dining philosophers as Dijkstra set them, each taking one fork and then the other: they deadlock, and with the
 * deadlock gone one of them may still starve.
 *
 * E. W. Dijkstra, *Hierarchical ordering of sequential processes* (1971). The order of the forks that cures the deadlock
 * is his, too; what a philosopher needs so as not to starve is strong fairness: a neighbour takes the fork away again
 * and again, so that it is free again and again, but never for good.
 */
import { defineSpec, each, mapOf, nodes, oneOf, when } from 'bivalent';

type Philosopher = `p${number}`;
type At = 'thinking' | 'hungry' | 'waiting' | 'eating';
type Side = 'left' | 'right';
type Table = readonly Philosopher[];

/** The fork on that side of a philosopher: forks have the names of those at whose left hand they lie. */
const forkOf = (table: Table, p: Philosopher, side: Side): Philosopher =>
  side === 'left' ? p : table[(table.indexOf(p) + 1) % table.length]!;

const otherSide = (side: Side): Side => (side === 'left' ? 'right' : 'left');

/** Where a philosopher begins: on the left, or, where forks are ordered, with the fork that comes first in the order. */
const firstSide = (table: Table, p: Philosopher, order: 'none' | 'forks'): Side =>
  order === 'forks' && p === table[table.length - 1] ? 'right' : 'left';

export default defineSpec({
  name: 'DiningPhilosophersNaive',
  constants: {
    Philosopher: nodes('p', 3),
    /** `forks`: the forks are numbered, and of two the one that comes first is taken first. */
    order: oneOf('none', 'forks'),
    /** Who waits for a fork gets it if it stays free (`weak`), or if it is free again and again (`strong`). */
    forksAre: oneOf('weak', 'strong'),
  },
  init: ({ Philosopher }) => ({
    philosopher: mapOf(Philosopher, (): At => 'thinking'),
    holder: mapOf(Philosopher, (): Philosopher | null => null),
  }),

  actions: {
    /** A philosopher may think for ever: nothing is asked of this step. */
    getHungry(s, { Philosopher, pick }) {
      const { p } = pick({ p: Philosopher });
      when(s.philosopher[p] === 'thinking');
      s.philosopher[p] = 'hungry';
    },

    takeFirstFork(s, { Philosopher, order, pick }) {
      const { p } = pick({ p: Philosopher });
      const fork = forkOf(Philosopher, p, firstSide(Philosopher, p, order));
      when(s.philosopher[p] === 'hungry' && s.holder[fork] === null);
      s.holder[fork] = p;
      s.philosopher[p] = 'waiting';
    },

    takeSecondFork(s, { Philosopher, order, pick }) {
      const { p } = pick({ p: Philosopher });
      const fork = forkOf(Philosopher, p, otherSide(firstSide(Philosopher, p, order)));
      when(s.philosopher[p] === 'waiting' && s.holder[fork] === null);
      s.holder[fork] = p;
      s.philosopher[p] = 'eating';
    },

    putDown(s, { Philosopher, pick }) {
      const { p } = pick({ p: Philosopher });
      when(s.philosopher[p] === 'eating');
      s.holder[p] = null;
      s.holder[forkOf(Philosopher, p, 'right')] = null;
      s.philosopher[p] = 'thinking';
    },
  },

  invariants: {
    /** If it fails, two neighbours eat with the same fork. */
    neighboursDoNotEatTogether: (s, { Philosopher, forAll }) => {
      const { p } = forAll({ p: Philosopher });
      return !(s.philosopher[p] === 'eating' && s.philosopher[forkOf(Philosopher, p, 'right')] === 'eating');
    },
  },

  fairness: ({ forksAre }) => ({
    weak: [each('putDown', 'p')],
    [forksAre]: [each('putDown', 'p'), each('takeFirstFork', 'p'), each('takeSecondFork', 'p')],
  }),

  temporal: ({ and, leadsTo }, { Philosopher }) => ({
    /** If it fails, a philosopher starves while others eat. */
    whoIsHungryEats: and(
      ...Philosopher.map((p) =>
        leadsTo(
          (s) => s.philosopher[p] === 'hungry',
          (s) => s.philosopher[p] === 'eating',
        ),
      ),
    ),
  }),

  models: {
    small: { expected: { result: 'violation', breaks: 'deadlock', steps: 6 } },
    starvation: {
      constants: { order: 'forks' },
      expected: { result: 'violation', breaks: 'whoIsHungryEats', steps: 7 },
    },
    'ordered-and-fair': {
      constants: { order: 'forks', forksAre: 'strong' },
      expected: { result: 'ok', distinct: 42, generated: 104, depth: 7 },
    },
    medium: {
      constants: { Philosopher: 8, order: 'forks', forksAre: 'strong' },
      expected: { result: 'ok', distinct: 24126, generated: 158930, depth: 17 },
    },
  },

  mutants: {
    'a fork is taken out of the hand of a neighbour': {
      constants: { order: 'forks' },
      actions: {
        takeSecondFork(s, { Philosopher, order, pick }) {
          const { p } = pick({ p: Philosopher });
          const fork = forkOf(Philosopher, p, otherSide(firstSide(Philosopher, p, order)));
          when(s.philosopher[p] === 'waiting');
          s.holder[fork] = p;
          s.philosopher[p] = 'eating';
        },
      },
      breaks: 'neighboursDoNotEatTogether',
      steps: 6,
    },
    'a philosopher keeps a fork after the meal': {
      model: 'ordered-and-fair',
      actions: {
        putDown(s, { Philosopher, pick }) {
          const { p } = pick({ p: Philosopher });
          when(s.philosopher[p] === 'eating');
          s.holder[p] = null;
          s.philosopher[p] = 'thinking';
        },
      },
      breaks: 'deadlock',
      steps: 8,
    },
    'whoever waits for the second fork puts the first down again': {
      model: 'ordered-and-fair',
      actions: {
        takeSecondFork(s, { Philosopher, order, pick }) {
          const { p } = pick({ p: Philosopher });
          const side = firstSide(Philosopher, p, order);
          const [first, second] = [forkOf(Philosopher, p, side), forkOf(Philosopher, p, otherSide(side))];
          when(s.philosopher[p] === 'waiting');
          const isFree = s.holder[second] === null;
          s.holder[isFree ? second : first] = isFree ? p : null;
          s.philosopher[p] = isFree ? 'eating' : 'hungry';
        },
      },
      breaks: 'whoIsHungryEats',
      steps: 11,
    },
  },
});
