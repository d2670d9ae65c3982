/** Protocols: nodes that send messages, the networks between them, and what may go wrong. */
export { defineProtocol, messages } from './define-protocol.ts';
export type { ProtocolConstants } from './define-protocol.ts';
export type * from './definition.ts';
export { parseFault } from './faults.ts';
export type { Budget, Budgets, FaultName } from './faults.ts';
export type { Network, Order } from './network.ts';
export type { Link, Status } from './running-state.ts';
