/** Two-phase commit with a temporal property of each manager: whoever is prepared is told a decision. */
import { defineSpec } from 'bivalent';

import twoPhaseCommitDecides from './two-phase-commit-decides.ts';

export default defineSpec({
  ...twoPhaseCommitDecides.definition,
  temporal: ({ leadsTo, and }, { RM }) => ({
    whoeverIsPreparedIsTold: and(
      ...RM.map((rm) =>
        leadsTo(
          (s) => s.rmState[rm] === 'prepared',
          (s) => s.rmState[rm] === 'committed' || s.rmState[rm] === 'aborted',
        ),
      ),
    ),
  }),
});
