/** What a validation says: the verdict, and for an invalid log why. */
import type { RecordValue } from '../../checker/value/index.ts';
import type { FailedGuard, Read, RefusedPick } from './attempt.ts';
import type { Mismatch } from './observation.ts';

/** A step of the behaviour that explains a log. */
export interface MatchedStep {
  /** `null` for the initial state, and for an event that reports no step. */
  readonly action: string | null;
  readonly parameters: RecordValue;
  readonly state: RecordValue;
  /** The event that it explains, as `file:line`; none for a hidden step and the initial state. */
  readonly event?: string;
}

/** An action that comes near to explaining an event, and what stands against it. */
export interface Candidate {
  readonly action: string;
  readonly parameters: RecordValue;
  /** The action is not enabled because of this guard, … */
  readonly guard?: FailedGuard;
  /** … or because the log gives a pick that is not among the choices, … */
  readonly pick?: RefusedPick;
  /** … or it is enabled, but the state does not agree with the log. */
  readonly mismatches: readonly Mismatch[];
  /** When the state disagrees: before the step, or after it. */
  readonly when?: 'before' | 'after';
  /** What the action read before the guard failed. */
  readonly reads: readonly Read[];
  /** How many of the possible states it looks so from. */
  readonly states: number;
}

/** An event that nothing explains. */
export interface UnexplainedEvent {
  readonly file: string;
  readonly line: number;
  readonly raw: string;
  readonly candidates: readonly Candidate[];
}

/** An edit of the log after which it goes on: a logging race is the usual cause of an invalid log. */
export interface Repair {
  readonly edit: 'drop' | 'duplicate' | 'swap';
  /** The events, as `file:line`: one, or the two that are swapped. */
  readonly events: readonly string[];
  /** How many events after the unexplained one then match. */
  readonly matches: number;
  /** Whether they reach the end of the log. */
  readonly reachesEnd: boolean;
}

/** Why a log is invalid. */
export interface Diagnosis {
  /** In a total order the first event that nothing explains; else the events of which none can come next. */
  readonly unexplained: readonly UnexplainedEvent[];
  /** How many states of the spec are possible just before it. */
  readonly possibleStates: number;
  /** A few of them. */
  readonly states: readonly RecordValue[];
  /** Steps that the spec allows there, as text: `rmPrepare(rm='rm2')`. */
  readonly allowed: readonly string[];
  readonly repairs: readonly Repair[];
}

/** An invariant that is false in a state of the behaviour that explains the log. */
export interface BrokenInvariant {
  readonly name: string;
  readonly parameters: RecordValue;
  /** The event after which it is false; none for the initial state. */
  readonly event?: string;
}

/** The result of a validation. */
export interface Validation {
  /** `invalid` also where the log is explained, but the spec's invariants are false on the way, and were asked for. */
  readonly result: 'valid' | 'invalid' | 'inconclusive';
  /** Why it is inconclusive. */
  readonly reason?: string;
  readonly spec: string;
  readonly constants: RecordValue;
  /** Events that were read, and those that the binding passed over. */
  readonly events: number;
  readonly ignored: number;
  /** The largest number of events that were explained together. */
  readonly explained: number;
  readonly statesExplored: number;
  readonly seconds: number;
  readonly behaviour?: readonly MatchedStep[];
  readonly brokenInvariant?: BrokenInvariant;
  readonly diagnosis?: Diagnosis;
}
