/** The mutex repaired, after Peterson: raise a flag, let the other go first, and wait until it does not want to. */
import { defineSpec, mapOf, nodes, when } from 'bivalent';

type Place = 'outside' | 'flag raised' | 'at the door' | 'inside';

export default defineSpec({
  name: 'RepairedMutex',
  constants: { P: nodes('p', 2) },
  init: ({ P }) => ({ place: mapOf(P, (): Place => 'outside'), goesFirst: P[0]! }),
  actions: {
    raiseFlag(s, { P, pick }) {
      const { p } = pick({ p: P });
      when(s.place[p] === 'outside');
      s.place[p] = 'flag raised';
    },
    letTheOtherGoFirst(s, { P, pick }) {
      const { p } = pick({ p: P });
      when(s.place[p] === 'flag raised');
      s.goesFirst = P.find((other) => other !== p)!;
      s.place[p] = 'at the door';
    },
    enter(s, { P, pick }) {
      const { p } = pick({ p: P });
      const other = P.find((q) => q !== p)!;
      when(s.place[p] === 'at the door');
      when(s.place[other] === 'outside' || s.goesFirst === p);
      s.place[p] = 'inside';
    },
    leave(s, { P, pick }) {
      const { p } = pick({ p: P });
      when(s.place[p] === 'inside');
      s.place[p] = 'outside';
    },
  },
  invariants: {
    mutualExclusion(s, { P, forAll }) {
      const { a, b } = forAll({ a: P, b: P });
      return a === b || s.place[a] !== 'inside' || s.place[b] !== 'inside';
    },
  },
  mutants: {
    'goes first itself': {
      actions: {
        letTheOtherGoFirst(s, { P, pick }) {
          const { p } = pick({ p: P });
          when(s.place[p] === 'flag raised');
          s.goesFirst = p;
          s.place[p] = 'at the door';
        },
      },
      breaks: 'mutualExclusion',
      steps: 6,
    },
  },
});
