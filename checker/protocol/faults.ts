/**
 * Faults and their budgets.
 *
 * Every fault is an action of its own, so it has a name in counterexamples and a count in the result. A budget is how
 * often a fault may happen in one behaviour: 0 is never, `true` is without bound. A finite budget is part of the state,
 * under `faultsLeft`.
 */
import { BivalentError } from '../core/index.ts';
import { listOf, suggestion } from '../spec/index.ts';
import { show } from '../value/index.ts';
import type { RecordValue, Value } from '../value/index.ts';
import type { RunningState } from './running-state.ts';

/** How often a fault may happen in one behaviour; `true` is without bound. */
export type Budget = number | true;

/** What may go wrong, each with what it does. */
export const faultMeanings = {
  crash: 'a node stops, and loses what is volatile',
  restart: 'a node that crashed starts again; without bound where nothing is said',
  crashForever: 'a node stops, and never starts again',
  unsynced: 'a node crashes, and writes since its last fsync are lost: all, or those after some',
  torn: 'a node crashes, and its last write since fsync reached the disk in part',
  pause: 'a node does nothing for a while, and forgets nothing: a long garbage collection',
  resume: 'a node that paused goes on; without bound where nothing is said',
  loss: 'a message in flight is lost',
  duplication: 'a message in flight is there twice',
  partition: 'the nodes fall apart in two groups, which cannot reach each other',
  cutLink: 'one node can no longer reach another, which may still reach it',
  heal: 'all links work again; without bound where nothing is said',
  drift: "a node's clock goes too fast or too slow for one tick",
  clockStep: "a node's clock is set to another time, possibly an earlier one",
  byzantine: 'a Byzantine node sends any of the messages declared for it',
} as const;

export type FaultName = keyof typeof faultMeanings;

/** How often each fault may happen; those that are left out never do, but for recoveries, which always may. */
export type Budgets = { readonly [F in FaultName]?: Budget };

const names = Object.keys(faultMeanings) as readonly FaultName[];

/** What a fault needs to have happened before it: a recovery is allowed where one of these is. */
const recoversFrom: { readonly [F in FaultName]?: readonly FaultName[] } = {
  restart: ['crash', 'unsynced', 'torn'],
  resume: ['pause'],
  heal: ['partition', 'cutLink'],
};

/** The budget of a fault in a configuration. */
export function budgetOf(budgets: Budgets, fault: FaultName): Budget {
  const causes = recoversFrom[fault];
  if (causes === undefined) return budgets[fault] ?? 0;
  return causes.some((cause) => isAllowed(budgets, cause)) ? (budgets[fault] ?? true) : 0;
}

/** Whether a fault may happen at all. */
export function isAllowed(budgets: Budgets, fault: FaultName): boolean {
  return budgetOf(budgets, fault) !== 0;
}

/** The faults with a finite budget, which the state counts down. */
export function finiteBudgets(budgets: Budgets): Record<string, number> {
  const finite: Record<string, number> = {};
  for (const fault of names) {
    const budget = budgetOf(budgets, fault);
    if (typeof budget === 'number' && budget > 0) finite[fault] = budget;
  }
  return finite;
}

/** Takes one from the budget of a fault; whether there was one left. */
export function spend(state: RunningState, fault: FaultName): boolean {
  const { faultsLeft } = state;
  const left = faultsLeft?.[fault];
  if (faultsLeft === undefined || left === undefined) return true;
  if (left === 0) return false;
  faultsLeft[fault] = left - 1;
  return true;
}

/** Says what is wrong with a budget; `undefined` where nothing is. */
export function budgetRefusal(fault: string, budget: Value): string | undefined {
  if (!Object.hasOwn(faultMeanings, fault)) {
    return `there is no fault ${fault}${suggestion(fault, names)}; ${listOf('faults are', '', names)}`;
  }
  if (budget === true || (typeof budget === 'number' && Number.isSafeInteger(budget) && budget >= 0)) return undefined;
  return `the budget of the fault ${fault} is how often it may happen, a whole number from 0, or true; not ${show(budget)}`;
}

/**
 * Reads `crash=2` as the command line gives it: `true` and `false` stand for without bound and never.
 *
 * @returns the budgets to put in the place of others: `{ crash: 2 }`
 * @throws BivalentError `protocol/fault` with what would be right
 */
export function parseFault(text: string): RecordValue {
  const [fault = '', ...rest] = text.split('=');
  const given = rest.join('=');
  if (fault === '' || rest.length === 0)
    throw new BivalentError('protocol/fault', `a fault is given as name=budget, not as ${show(text)}`);
  const budget = given === 'true' ? true : given === 'false' ? 0 : given.trim() === '' ? given : Number(given);
  const message = budgetRefusal(fault, Number.isNaN(budget) ? given : budget);
  if (message !== undefined) throw new BivalentError('protocol/fault', message);
  return { [fault]: budget };
}
