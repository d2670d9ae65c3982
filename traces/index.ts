/**
 * `bivalent/traces`: reading logs, and judging them.
 *
 * Readers turn formats into events; the order of events is checked by clocks and messages; a log is validated against a
 * spec by a binding.
 */
export * from './conform/index.ts';
export * from './event/index.ts';
export * from './history/index.ts';
export * from './order/index.ts';
export * from './reader/index.ts';
