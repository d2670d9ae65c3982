/** Raft with its state invariants only: what a verifier of states can judge, such as SPIN's. */
import { defineSpec } from 'bivalent';

import raft from '../../specs/raft/raft.ts';

const { transitionInvariants: _, models: _models, mutants: _mutants, ...parts } = raft.definition;

export default defineSpec(parts);
