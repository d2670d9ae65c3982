/**
 * Why an action is not enabled: runs it once more in a state, watching what it reads and which guard fails.
 *
 * This is for the diagnosis of one line, not for the search: it is slow.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { locationOf } from '../../checker/core/index.ts';
import {
  Choices,
  domainElements,
  noChoice,
  openDraft,
  watched,
  watchingGuards,
  when,
} from '../../checker/spec/index.ts';
import type { Choose, Routine } from '../../checker/spec/index.ts';
import { show } from '../../checker/value/index.ts';
import type { RecordValue, Value } from '../../checker/value/index.ts';
import { Test } from './observation.ts';
import { allowedElements, type GivenPicks } from './spec-steps.ts';

/** Something that an action read: `rmState.rm1` was `'prepared'`. */
export interface Read {
  readonly path: string;
  readonly seen: string;
}

/** The guard that failed: where it stands, and its line of code where that can be read. */
export interface FailedGuard {
  readonly file?: string;
  readonly line?: number;
  readonly text?: string;
}

/** A pick that the log gives, but that is not among the choices. */
export interface RefusedPick {
  readonly name: string;
  readonly given: string;
  readonly choices: readonly string[];
}

/** What happened when an action was tried. */
export interface Attempt {
  readonly enabled: boolean;
  readonly parameters: RecordValue;
  readonly reads: readonly Read[];
  readonly guard?: FailedGuard;
  readonly pick?: RefusedPick;
}

const maxRuns = 64;

/**
 * Tries an action in a state with the picks that the log gives.
 *
 * Where other picks are open, the attempt that came furthest (read most before a guard failed) is told.
 */
export function attempt(routine: Routine, state: RecordValue, picks: GivenPicks): Attempt {
  const choices = new Choices();
  let furthest: Attempt | undefined;
  for (let run = 0; run < maxRuns; run += 1) {
    const made = attemptOnce(routine, state, picks, choices);
    if (made.enabled) return made;
    if (furthest === undefined || made.reads.length > furthest.reads.length) furthest = made;
    if (!choices.advance()) break;
  }
  return furthest ?? { enabled: false, parameters: {}, reads: [] };
}

function attemptOnce(routine: Routine, state: RecordValue, picks: GivenPicks, choices: Choices): Attempt {
  const reads = new Map<string, string>();
  const parameters: Record<string, Value> = {};
  let pick: RefusedPick | undefined;
  let guard: FailedGuard | undefined;
  const choose: Choose = (name, domain) => {
    const given = Object.hasOwn(picks, name) ? picks[name] : undefined;
    const chosen = choices.choose(name, given === undefined ? domain : allowedElements(name, domain, given));
    if (given !== undefined && chosen === noChoice) {
      const label = given instanceof Test ? given.label : show(given);
      pick = { name, given: label, choices: domainElements(name, domain).slice(0, 8).map(show) };
    }
    if (chosen !== noChoice) parameters[name] = chosen;
    return chosen;
  };
  const draft = watched(openDraft(state).draft, (path, seen) => reads.set(path, seen));
  const enabled = watchingGuards(
    (holds) => {
      if (!holds) guard = guardPlace();
    },
    () => routine.run(choose, draft),
  );
  return {
    enabled,
    parameters,
    reads: [...reads].map(([path, seen]) => ({ path, seen })),
    ...(guard !== undefined && { guard }),
    ...(pick !== undefined && { pick }),
  };
}

function guardPlace(): FailedGuard {
  const here = new Error('the guard');
  // The frames above `when` are ours; the next one is the guard in the spec.
  Error.captureStackTrace(here, when);
  const { file, line } = locationOf(here);
  if (file === undefined || line === undefined) return {};
  const text = sourceLine(file, line);
  return { file, line, ...(text !== undefined && { text }) };
}

function sourceLine(file: string, line: number): string | undefined {
  try {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    return readFileSync(path, 'utf8').split('\n')[line - 1]?.trim();
  } catch {
    // The source of a compiled spec may not be there: its place is still told.
    return undefined;
  }
}
