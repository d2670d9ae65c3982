/**
 * Changes of membership, one server at a time: D. Ongaro, *Consensus: Bridging Theory and Practice* (2014), chapter 4, of
 * which the quoted lines here are.
 *
 * A configuration is an entry of the log. It is in force on a server as soon as it is in its log, committed or not.
 */
import type { Entry, Server } from './server.ts';

/** An entry that makes these the members; `null` for the entry without a meaning with which a leader begins its term. */
export type MemberEntry = Entry & { members: Server[] | null };

type MemberLog = { readonly log: readonly { readonly term: number; readonly members: readonly Server[] | null }[] };

/** "A server always uses the latest configuration in its log, regardless of whether the entry is committed." */
export const membersOf = ({ log }: MemberLog, initial: readonly Server[]): readonly Server[] =>
  log.findLast(({ members }) => members !== null)?.members ?? initial;

/** Whether the latest configuration is, as far as the server knows, not committed. */
export const isChanging = ({ log, committed }: MemberLog & { readonly committed: number }): boolean =>
  log.findLastIndex(({ members }) => members !== null) >= committed;

/** The members with one more or one fewer. */
export const changed = (members: readonly Server[], server: Server): Server[] =>
  members.includes(server) ? members.filter((member) => member !== server) : [...members, server].sort();
