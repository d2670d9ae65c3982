/** The engines that must give the same results: what holds of one of them is tested of each. */
import type { System } from '../spec/index.ts';
import { startCheck } from '../property/index.ts';
import { finish, type CheckOptions, type CheckRun } from './options.ts';
import type { CheckResult } from './result.ts';
import { startSimpleCheck } from './simple.test-support.ts';

export interface Engine {
  readonly name: string;
  readonly start: (system: System, options?: CheckOptions) => CheckRun;
  /** Runs a check to its end. */
  readonly check: (system: System, options?: CheckOptions) => CheckResult;
}

export const simpleExplorer = engine('the simple explorer', startSimpleCheck);

export const engines: readonly Engine[] = [simpleExplorer, engine('the learned engine', startCheck)];

function engine(name: string, start: Engine['start']): Engine {
  return {
    name,
    start,
    check: (system, options) => finish(start(system, options)),
  };
}

/** A result without what differs from run to run. */
export function withoutTimes({ seconds: _seconds, statesPerSecond: _rate, samples: _samples, ...result }: CheckResult) {
  return result;
}
