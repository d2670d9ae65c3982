/**
 * What several nodes may say of one thing: decisions, leaders, locks.
 *
 * Every property of this folder is a function of plain data: an invariant hands it the parts of the state that it is
 * about. Handing it two at a time, under `forAll`, keeps what the checker has to learn small.
 */
import { equal } from '../../value/index.ts';

/**
 * Whether all who decided decided the same: consensus's agreement. If it fails, the replicas have diverged.
 *
 * @param decisions - of each node; `null` and `undefined` for one that has not decided
 */
export function agreement(decisions: Iterable<unknown>): boolean {
  const made = decided(decisions);
  return made.every((decision) => equal(decision, made[0]));
}

/**
 * Whether what was decided was proposed: consensus's validity. If it fails, the system made something up.
 *
 * @param decisions - as in {@link agreement}
 * @param proposals - everything that was proposed
 */
export function validity(decisions: Iterable<unknown>, proposals: Iterable<unknown>): boolean {
  const proposed = [...proposals];
  return decided(decisions).every((decision) => proposed.some((proposal) => equal(proposal, decision)));
}

function decided(decisions: Iterable<unknown>): readonly unknown[] {
  return [...decisions].filter((decision) => decision !== null && decision !== undefined);
}

/** Whether at most one has what only one may have: a lock, a critical section, a token. */
export function mutualExclusion(holders: Iterable<unknown>): boolean {
  let count = 0;
  for (const _ of holders) count += 1;
  return count <= 1;
}

/** Someone who led in a term. */
export interface Leadership {
  readonly term: number;
  readonly leader: unknown;
}

/**
 * Whether no term has two leaders. If it fails, two leaders acknowledge different writes.
 *
 * Keep everyone who ever won in a history variable: a leader that crashed was one all the same. Source: Raft, figure 3.2.
 */
export function electionSafety(leaderships: Iterable<Leadership>): boolean {
  const all = [...leaderships];
  return all.every((a) => all.every((b) => a.term !== b.term || equal(a.leader, b.leader)));
}
