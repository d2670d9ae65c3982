/**
 * Consistency models, and testers that decide whether a client history satisfies them.
 *
 * Everything here is pure: histories are plain arrays, and nothing reads files or clocks.
 */
export { checkLinearizable, type LinearizabilityResult, type PartResult } from './linearizable.ts';
export { sequentialModels } from './models/index.ts';
export { illegal, powerset, type Call, type NondeterministicModel, type SequentialModel } from './model.ts';
export { multiRegister, register, type RegisterOptions } from './models/register.ts';
export { keyValue, type KeyedInput } from './models/key-value.ts';
export { appendList, counter, mutex, queue, set, stack } from './models/collection.ts';
export { showOperation, showPlain, type Operation, type ProcessId } from './operation.ts';
export { HistoryError, pairEvents, type ClientEvent } from './pairing.ts';
export { guarded, type LimitReached, type SearchLimits } from './limits.ts';
export type { Key, MicroOperation, Stored, Transaction, TransactionHistory } from './transactions/transaction.ts';
export {
  isolationLevels,
  weakestRuledOut,
  type Anomaly,
  type AnomalyName,
  type Dependency,
  type DependencyKind,
  type IsolationLevel,
} from './transactions/anomaly.ts';
export { listAppendEvidence } from './transactions/list-append.ts';
export { registerEvidence, type VersionOrder } from './transactions/registers.ts';
export { judgeIsolation, type IsolationResult, type LevelVerdict } from './transactions/isolation.ts';
export { transactionName, type Evidence } from './transactions/evidence.ts';
export type { SolverLimits } from './transactions/version-order-solver.ts';
export { byProcess, checkSequential, type SequentialResult } from './sequential.ts';
export {
  causalModels,
  checkCausal,
  type BadPattern,
  type CausalLimits,
  type CausalModel,
  type CausalResult,
} from './causal.ts';
export {
  checkConvergence,
  checkSession,
  sessionGuarantees,
  type SessionGuarantee,
  type SessionResult,
} from './session.ts';
export { explainViolation, type LinearizabilityExplanation } from './explain.ts';
export {
  checkBank,
  checkLongFork,
  checkSetFull,
  type ObservationFinding,
  type ObservationResult,
} from './observations.ts';
export { specModel } from './spec-model.ts';
export { causal, linearizable, sequential, type ObservedOperation } from './claims.ts';
