/** Protocols: nodes that send messages, the networks between them, and what may go wrong. */
export { defineProtocol, messages } from './define-protocol.ts';
export type { ProtocolConstants } from './define-protocol.ts';
export type * from './definition.ts';
export { faultMeanings, parseFault } from './faults.ts';
export type { Budget, Budgets, FaultName } from './faults.ts';
export type { Network, Order } from './network.ts';
export type { Link, Status } from './running-state.ts';
export { agreement, electionSafety, mutualExclusion, validity } from './properties/agreement.ts';
export type { Leadership } from './properties/agreement.ts';
export {
  clockCondition,
  clockMonotonicity,
  happenedBefore,
  happenedBeforeConsistency,
  inCausalOrder,
  isVectorLess,
  vectorClockEquivalence,
} from './properties/clocks.ts';
export type { NodeEvent, StampedEvent, VectorClock } from './properties/clocks.ts';
export {
  causalDelivery,
  exactlyOnce,
  fifoDelivery,
  noCreation,
  noDuplication,
  totalOrderDelivery,
} from './properties/delivery.ts';
export type { BroadcastMessage } from './properties/delivery.ts';
export { countInFlight } from './properties/in-flight.ts';
export type { MessagesInFlight } from './properties/in-flight.ts';
export { leaderCompleteness, logMatching, stateMachineSafety } from './properties/logs.ts';
export type { Commitment, LeaderLog, LogEntry } from './properties/logs.ts';
