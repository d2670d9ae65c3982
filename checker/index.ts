/**
 * Bivalent: a model checker for distributed protocols.
 *
 * A spec is plain TypeScript: `defineSpec` takes initial states, actions that edit a draft of the state, and
 * properties. This is everything that a spec imports.
 */
export { BivalentError } from './core/index.ts';
export type { ErrorCode, ErrorDetails } from './core/index.ts';
export {
  causal,
  illegal,
  linearizable,
  powerset,
  sequential,
  sequentialModels,
  specModel,
} from './consistency/index.ts';
export type { Call, NondeterministicModel, ObservedOperation, SequentialModel } from './consistency/index.ts';
export { simulate } from './explore/index.ts';
export { check } from './property/index.ts';
export type {
  ActionCoverage,
  CheckOptions,
  CheckResult,
  Limits,
  SimulateOptions,
  TraceStep,
  Verdict,
  Violation,
  ViolationKind,
} from './explore/index.ts';
export {
  agreement,
  causalDelivery,
  clockCondition,
  clockMonotonicity,
  defineProtocol,
  electionSafety,
  exactlyOnce,
  fifoDelivery,
  happenedBefore,
  happenedBeforeConsistency,
  inCausalOrder,
  isVectorLess,
  leaderCompleteness,
  logMatching,
  messages,
  mutualExclusion,
  noCreation,
  noDuplication,
  stateMachineSafety,
  totalOrderDelivery,
  validity,
  vectorClockEquivalence,
} from './protocol/index.ts';
export type {
  BroadcastMessage,
  Budget,
  Budgets,
  Commitment,
  FaultName,
  HandlerContext,
  Incoming,
  LeaderLog,
  Leadership,
  Link,
  LogEntry,
  MessageTypes,
  Network,
  NodeEvent,
  NodeContext,
  Order,
  Outgoing,
  ProtocolDefinition,
  ProtocolModel,
  ProtocolMutant,
  ProtocolState,
  StampedEvent,
  Status,
  VectorClock,
} from './protocol/index.ts';
export { bind, defineSpec, each, majorities, mapOf, nodes, oneOf, range, subsets, when } from './spec/index.ts';
export type {
  Action,
  ActionContext,
  AfterContext,
  BindOptions,
  ConstantOverride,
  ConstantOverrides,
  ConstantValue,
  Expected,
  FairAction,
  Fairness,
  ForAll,
  Formula,
  Logic,
  Model,
  Mutant,
  NodeSet,
  OneOf,
  Pick,
  Picked,
  Predicate,
  PropertyContext,
  Refinement,
  Refines,
  Spec,
  SpecDefinition,
  StateOf,
  StepPredicate,
  System,
} from './spec/index.ts';
export { Bag, bagOf, equal, mapValueOf, MapValue, setOf, SetValue, show } from './value/index.ts';
export type {
  BagDraft,
  BagView,
  Draft,
  Loose,
  MapDraft,
  MapView,
  Matching,
  Primitive,
  Query,
  RecordValue,
  SetDraft,
  SetView,
  Value,
  View,
} from './value/index.ts';
