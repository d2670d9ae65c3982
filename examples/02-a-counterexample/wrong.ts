/** A mutex that is wrong: each process looks whether the other is inside, and then goes in. */
import { defineSpec, mapOf, nodes, when } from 'bivalent';

type Place = 'outside' | 'at the door' | 'inside';

export default defineSpec({
  name: 'WrongMutex',
  constants: { P: nodes('p', 2) },
  init: ({ P }) => ({ place: mapOf(P, (): Place => 'outside') }),
  actions: {
    look(s, { P, pick }) {
      const { p } = pick({ p: P });
      when(s.place[p] === 'outside');
      when(P.every((other) => s.place[other] !== 'inside'));
      s.place[p] = 'at the door';
    },
    enter(s, { P, pick }) {
      const { p } = pick({ p: P });
      when(s.place[p] === 'at the door');
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
});
