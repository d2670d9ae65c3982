/**
 * Two-phase commit with its state invariants only: what a verifier of states can judge, such as SPIN's.
 *
 * The spec of the library also has a property of steps, which is judged on every transition.
 */
import { defineSpec } from 'bivalent';

import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';

const { transitionInvariants: _, models: _models, mutants: _mutants, ...parts } = twoPhaseCommit.definition;

export default defineSpec(parts);
