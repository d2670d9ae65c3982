/** Two-phase commit with one temporal property under weak fairness: whoever is prepared is told a decision. */
import { defineSpec, each } from 'bivalent';

import twoPhaseCommitStates from './two-phase-commit-states.ts';

const { definition } = twoPhaseCommitStates;

export default defineSpec({
  ...definition,
  fairness: { weak: Object.keys(definition.actions).map((action) => each(action)) },
  temporal: ({ leadsTo }) => ({
    whoeverIsPreparedIsTold: leadsTo(
      (s) => s.rmState['rm1'] === 'prepared',
      (s) => s.rmState['rm1'] === 'committed' || s.rmState['rm1'] === 'aborted',
    ),
  }),
});
