/** Checks: the search of all states, and properties of whole behaviours (temporal, refinement, reachability). */
export { check, startCheck } from './check.ts';
