/** Which sets of nodes a check may take to be symmetric, and what its result says of it. */
import { BivalentError } from '../core/index.ts';
import type { CheckOptions, CheckResult } from '../explore/index.ts';
import { seeminglySymmetric, symmetryOf, type NameSet, type Precision } from '../reduction/index.ts';
import { listOf, successors, type System } from '../spec/index.ts';
import type { Classes } from '../transition/index.ts';
import type { RecordValue } from '../value/index.ts';

/** How many states are looked at to suggest that a set is symmetric. */
const suggestingStates = 12;

/**
 * The classes of states of a system whose spec declares symmetric sets.
 *
 * @throws BivalentError `symmetry/undeclared` where it declares none
 */
export function classesOf(system: System, precision: Precision): Classes {
  const declared = system.nodeSets.filter(({ symmetric, names }) => symmetric && names.length > 1);
  if (declared.length > 0) return symmetryOf(system, declared, precision);
  const seeming = seemingSets(system).map(({ constant }) => constant);
  const advice =
    seeming.length === 0
      ? 'no set of nodes among its constants looks symmetric'
      : `${listOf('these look symmetric:', '', seeming)}; nodes(…, …, { symmetric: true }) declares one`;
  throw new BivalentError('symmetry/undeclared', `${system.name} declares no symmetric set of nodes; ${advice}`);
}

/** A result, with the notes that say what counted as one, and which other sets seem to be symmetric. */
export function withSymmetryNote(result: CheckResult, system: System, { symmetry }: CheckOptions): CheckResult {
  if (symmetry === undefined) return result;
  const declared = system.nodeSets.filter(({ symmetric, names }) => symmetric && names.length > 1);
  const names = declared.map(({ constant }) => constant).join(' and ');
  const each = symmetry === 'exact' ? 'counts as one' : 'mostly counts as one';
  const seeming = seemingSets(system).map(({ constant }) => constant);
  const suggestion = `${seeming.join(' and ')} seem to be symmetric, too: nodes(…, …, { symmetric: true }) declares it`;
  return {
    ...result,
    notes: [
      ...(result.notes ?? []),
      `what differs only in the names of ${names} ${each} (--symmetry)`,
      ...(seeming.length === 0 ? [] : [suggestion]),
    ],
  };
}

/** The sets that are not declared, and seem to be symmetric in the first states of a behaviour. */
function seemingSets(system: System): readonly NameSet[] {
  const candidates = system.nodeSets.filter(({ symmetric, names }) => !symmetric && names.length > 1);
  if (candidates.length === 0) return [];
  const states: RecordValue[] = [system.initialStates[0] as RecordValue];
  while (states.length < suggestingStates) {
    const steps = successors(system, states.at(-1) as RecordValue);
    if (steps.length === 0) break;
    states.push(steps[Math.floor(steps.length / 2)]!.state);
  }
  return seeminglySymmetric(system, candidates, states);
}
