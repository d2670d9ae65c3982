/** Quorums: how many must agree. */
import type { Server } from './server.ts';

/** Whether those of whom `has` is true are enough. */
export type Quorum = (has: (server: Server) => boolean) => boolean;

/** More than half of the members. */
export const majorityOf =
  (members: readonly Server[]): Quorum =>
  (has) =>
    members.filter(has).length * 2 > members.length;
