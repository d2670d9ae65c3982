/**
 * Judges a history that was read: pairs events, runs the tester that was asked for, and gathers what it found.
 */
import {
  causalModels,
  checkCausal,
  checkConvergence,
  checkLinearizable,
  checkSequential,
  checkSession,
  explainViolation,
  guarded,
  HistoryError,
  isolationLevels,
  judgeIsolation,
  listAppendEvidence,
  pairEvents,
  registerEvidence,
  showPlain,
  transactionName,
  type Anomaly,
  type CausalModel,
  type IsolationLevel,
  type IsolationResult,
  type LevelVerdict,
  type LimitReached,
  type LinearizabilityExplanation,
  type LinearizabilityResult,
  type MicroOperation,
  type Operation,
  type SearchLimits,
  type SequentialModel,
  type SessionGuarantee,
  type TransactionHistory,
  type VersionOrder,
} from '../../checker/consistency/index.ts';
import { BivalentError } from '../../checker/core/index.ts';
import { LogError } from '../reader/index.ts';
import type { Consistency, HistoryModel, ObjectConsistency } from './models.ts';
import { objectConsistencies } from './models.ts';
import type { HistoryLog } from './read-history.ts';
import { transactionHistory } from './transactions.ts';

/** How a history is to be judged. */
export interface JudgeOptions {
  readonly model: HistoryModel;
  /** Default: linearizability for objects; for transactions strict serializability, or serializability without times. */
  readonly consistency?: Consistency;
  /** For registers in transactions: the order of the versions, from the database's own log. */
  readonly versionOrder?: VersionOrder;
  /** Whether isolation levels respect the order of sessions; default as the format has it. */
  readonly sessionOrder?: boolean;
  /** What a read of a value that nobody wrote means; default as the format has it. */
  readonly unwrittenReads?: TransactionHistory['unwrittenReads'];
  readonly parallelSnapshotIsolation?: 'cycles' | 'lost-updates';
  readonly limits?: SearchLimits;
  /** Why `limits.shouldStop` or `limits.guard` ended a search, for the note that says so; asked when it did. */
  readonly whyStopped?: () => string;
}

/** What was found, for people and programs. */
export interface HistoryVerdict {
  readonly result: 'consistent' | 'violation' | 'inconclusive';
  readonly model: string;
  readonly consistency: string;
  /** How many operations or transactions were judged. */
  readonly operations: number;
  /** Why it is inconclusive, and what was left out: sentences. */
  readonly notes: readonly string[];
  /** What was found wrong: sentences. */
  readonly findings: readonly HistoryFinding[];
  /** For transactions: every level. */
  readonly levels?: Readonly<Record<IsolationLevel, LevelVerdict>>;
  /** For linearizability: what can be said of each part of the object that is not consistent. */
  readonly parts?: readonly PartVerdict[];
}

/** Something that is wrong with a history. */
export interface HistoryFinding {
  readonly name: string;
  readonly explanation: string;
  /** The operations that show it; for transactions, their lines and numbers are in the explanation. */
  readonly operations: readonly Operation[];
  readonly cycle?: Anomaly['cycle'];
}

/** A part of an object whose history is not linearizable, or not known to be. */
export interface PartVerdict {
  readonly key: unknown;
  readonly result: 'violation' | 'inconclusive';
  readonly operations: number;
  /** The longest prefix that can be linearized: how many answers, and the first that cannot be reached. */
  readonly linearized: number;
  readonly blocked: Operation | undefined;
  /** Operations that cannot be put into order, whatever the others did; none that could be left out. */
  readonly minimal: readonly Operation[];
  readonly isMinimal: boolean;
  /** The operations of the part, for a picture. */
  readonly history: readonly Operation[];
}

/**
 * Judges a history.
 *
 * @throws LogError located at the line of the file that is not what the model or the format takes
 * @throws BivalentError `usage/arguments` where the consistency is not one of the model's
 */
export function judgeHistory(log: HistoryLog, options: JudgeOptions): HistoryVerdict {
  try {
    if (options.model.kind === 'transactions') return judgeTransactions(log, options.model.name, options);
    const operations = operationsOf(log);
    if (options.model.kind === 'observation') return judgeObservation(operations, options.model);
    return judgeObject(operations, options.model.model, options.model.initial, options);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    const { line } = error.details;
    throw new LogError('log/event', { file: log.file, ...(line === undefined ? {} : { line }) }, error.message);
  }
}

function operationsOf(log: HistoryLog): readonly Operation[] {
  if (log.kind === 'operations') return log.operations;
  if (log.kind === 'events') return pairEvents(log.events);
  throw new BivalentError('usage/arguments', `${log.file} holds transactions: judge it with --model rw-register`);
}

function judgeObservation(
  operations: readonly Operation[],
  model: HistoryModel & { kind: 'observation' },
): HistoryVerdict {
  const { verdict, findings } = model.check(operations);
  return {
    result: verdict,
    model: model.name,
    consistency: model.name,
    operations: operations.length,
    notes: [],
    findings,
  };
}

function judgeObject(
  operations: readonly Operation[],
  model: SequentialModel,
  initial: unknown,
  options: JudgeOptions,
): HistoryVerdict {
  const { consistency = 'linearizable', limits = {} } = options;
  if (!isObjectConsistency(consistency)) {
    throw new BivalentError(
      'usage/arguments',
      `${consistency} is an isolation level: it is about transactions, and the model ${model.name} has none`,
    );
  }
  const base = { model: model.name, consistency, operations: operations.length };
  if (consistency === 'linearizable') return { ...base, ...linearizability(operations, model, options) };
  if (consistency === 'sequential') {
    const { verdict, order, limit } = checkSequential(operations, model, limits);
    const explanation = `No order of all operations keeps that of each process; the longest has ${order.length} of ${operations.length}.`;
    const findings = verdict === 'violation' ? [{ name: 'no sequential order', explanation, operations: [] }] : [];
    return { ...base, result: verdict, notes: limit === undefined ? [] : [limitNote(limit, options)], findings };
  }
  const found = guarded(limits, () => relaxedConsistency(operations, consistency, initial));
  if (found === undefined) return { ...base, ...stopped(options) };
  const { verdict, findings, notes } = found;
  return { ...base, result: verdict, findings, notes };
}

function isObjectConsistency(consistency: Consistency): consistency is ObjectConsistency {
  return (objectConsistencies as readonly string[]).includes(consistency);
}

function relaxedConsistency(
  operations: readonly Operation[],
  consistency: Exclude<ObjectConsistency, 'linearizable' | 'sequential'>,
  initial: unknown,
): { verdict: HistoryVerdict['result']; findings: readonly HistoryFinding[]; notes: readonly string[] } {
  if ((causalModels as readonly string[]).includes(consistency)) {
    const { verdict, pattern, reason } = checkCausal(operations, consistency as CausalModel, initial);
    const unknownPattern = {
      name: consistency,
      explanation: 'No assignment of writes to reads satisfies the model.',
      operations: [],
    };
    const findings = verdict === 'violation' ? [pattern ?? unknownPattern] : [];
    return { verdict, findings, notes: reason === undefined ? [] : [reason] };
  }
  const found =
    consistency === 'convergence'
      ? checkConvergence(operations, initial)
      : checkSession(operations, consistency as SessionGuarantee, initial);
  const {
    verdict,
    explanation = 'No assignment of writes to reads satisfies the guarantee.',
    operations: shown = [],
  } = found;
  return {
    verdict,
    findings: verdict === 'violation' ? [{ name: consistency, explanation, operations: shown }] : [],
    notes: [],
  };
}

function linearizability(
  operations: readonly Operation[],
  model: SequentialModel,
  options: JudgeOptions,
): Pick<HistoryVerdict, 'result' | 'notes' | 'findings' | 'parts'> {
  const { limits = {} } = options;
  const found = checkLinearizable(operations, model, limits);
  const parts = found.parts.flatMap((part) => partVerdict(part, model, limits));
  const findings = parts
    .filter(({ result }) => result === 'violation')
    .map(({ key, blocked, minimal, isMinimal, linearized }) => ({
      name: 'not linearizable',
      operations: minimal,
      explanation: `${key === undefined ? '' : `Key ${typeof key === 'string' ? key : showPlain(key)}: `}${counted(linearized)} can be put into order; the answer of line ${blocked?.line ?? '?'} cannot be reached. ${counted(minimal.length)} cannot be ordered, whatever the others did${isMinimal ? '' : '; it may be fewer, but a limit was reached'}.`,
    }));
  const limited = found.parts.find(({ limit }) => limit !== undefined)?.limit;
  return { result: found.verdict, notes: limited === undefined ? [] : [limitNote(limited, options)], findings, parts };
}

function partVerdict(
  part: LinearizabilityResult['parts'][number],
  model: SequentialModel,
  limits: SearchLimits,
): PartVerdict[] {
  const { verdict, key, blocked, operations: history, linearization } = part;
  if (verdict === 'consistent') return [];
  const isViolation = verdict === 'violation' && blocked !== undefined;
  const { operations: minimal, isMinimal } = isViolation
    ? explain(history, blocked, model, limits)
    : { operations: [], isMinimal: false };
  const base = { key, result: verdict, operations: history.length, linearized: linearization.length };
  return [{ ...base, blocked, minimal, isMinimal, history }];
}

/** Under one guard: the searches for an explanation are many and short. */
function explain(
  history: readonly Operation[],
  blocked: Operation,
  model: SequentialModel,
  limits: SearchLimits,
): LinearizabilityExplanation {
  const { shouldStop = () => false } = limits;
  const found = guarded(limits, () => explainViolation(history, blocked, model, { shouldStop }));
  return found ?? explainViolation(history, blocked, model, { shouldStop: () => true });
}

/** What is known where a search was ended that has nothing to show before its end. */
function stopped(options: JudgeOptions): Pick<HistoryVerdict, 'result' | 'notes' | 'findings'> {
  return { result: 'inconclusive', notes: [limitNote('stopped', options)], findings: [] };
}

function limitNote(limit: LimitReached, { whyStopped }: JudgeOptions): string {
  const what = {
    configurations: 'the limit on configurations was reached',
    memory: 'the memory limit was reached',
    stopped: whyStopped?.() ?? 'the time limit was reached',
  };
  return `Not everything was tried: ${what[limit]}.`;
}

function judgeTransactions(
  log: HistoryLog,
  name: 'list-append' | 'rw-register',
  options: JudgeOptions,
): HistoryVerdict {
  const history = asTransactions(log, name, options);
  const { timed } = history;
  const consistency = options.consistency ?? (timed ? 'strict-serializable' : 'serializable');
  if (!(isolationLevels as readonly string[]).includes(consistency)) {
    throw new BivalentError(
      'usage/arguments',
      `${consistency} is not an isolation level; they are ${isolationLevels.join(', ')}`,
    );
  }
  const base = { model: name, consistency, operations: history.transactions.length };
  const judged = guarded(options.limits ?? {}, () => isolation(log, history, name, options));
  if (judged === undefined) return { ...base, ...stopped(options) };
  const { levels, anomalies, notes } = judged;
  const wasStopped = options.limits?.shouldStop?.() === true;
  const level = levels[consistency as IsolationLevel];
  return {
    result: ({ holds: 'consistent', violated: 'violation', undecided: 'inconclusive' } as const)[level],
    ...base,
    notes: level === 'undecided' && wasStopped ? [...notes, limitNote('stopped', options)] : notes,
    findings: anomalies.map((anomaly) => asFinding(history, anomaly)),
    levels,
  };
}

function isolation(
  log: HistoryLog,
  history: TransactionHistory,
  name: 'list-append' | 'rw-register',
  { versionOrder, parallelSnapshotIsolation, limits = {} }: JudgeOptions,
): IsolationResult {
  const initial = log.kind === 'transactions' ? log.initial : [];
  const evidence =
    name === 'list-append' ? listAppendEvidence(history) : registerEvidence(history, versionOrder, initial);
  const { shouldStop, guard } = limits;
  return judgeIsolation(evidence, {
    ...(shouldStop !== undefined && { shouldStop }),
    ...(guard !== undefined && { guard }),
    ...(parallelSnapshotIsolation !== undefined && { parallelSnapshotIsolation }),
  });
}

function asTransactions(log: HistoryLog, name: string, options: JudgeOptions): TransactionHistory {
  const { sessionOrder, unwrittenReads } = options;
  if (log.kind === 'operations')
    throw new BivalentError('usage/arguments', `${log.file} holds single operations, not transactions`);
  if (log.kind === 'events') {
    const history = transactionHistory(log.events, unwrittenReads ?? (name === 'list-append' ? 'anomaly' : 'ignored'));
    return sessionOrder === undefined ? history : { ...history, sessionOrder };
  }
  const { transactions } = log;
  return {
    transactions,
    sessionOrder: sessionOrder ?? true,
    timed: false,
    unwrittenReads: unwrittenReads ?? 'anomaly',
  };
}

function asFinding(history: TransactionHistory, { name, explanation, cycle, transactions }: Anomaly): HistoryFinding {
  const shown = transactions.slice(0, 10).map((transaction) => {
    const { operations } = history.transactions[transaction]!;
    return `${transactionName(history, transaction)} = [${operations.map(showMicro).join(' ')}]`;
  });
  return { name, explanation: [explanation, ...shown].join('\n  '), operations: [], cycle };
}

function showMicro([f, key, value]: MicroOperation): string {
  return `${f}(${String(key)} ${showStored(value)})`;
}

/** As Jepsen writes values. */
function showStored(value: MicroOperation[2]): string {
  if (value === undefined) return '?';
  if (value === null) return 'nil';
  return typeof value === 'object' ? `[${value.join(' ')}]` : String(value);
}

function counted(count: number): string {
  return `${count} operation${count === 1 ? '' : 's'}`;
}
