/**
 * Picks that fairness and formulas name, and that no step of their action makes: most likely the name is wrong.
 *
 * Which picks an action makes is known from its steps. A condition of fairness for each value of a pick that is not
 * made is one condition for the action as a whole, and a step that is asked to make it is none: both weaker than meant.
 */
import type { StepLabel } from '../explore/index.ts';
import { suggestion, takenIn, type System } from '../spec/index.ts';

/**
 * Sentences about the picks that are named and not made.
 *
 * @param labels - the steps that were looked at, with what they pick; of an action without any, nothing is said
 */
export function unknownPicks({ fairness, temporal }: System, labels: readonly StepLabel[]): readonly string[] {
  const sentences = new Set<string>();
  const say = (action: string, picks: readonly string[], what: string, so: string): void => {
    const own = labels.filter((label) => label.action === action).map(({ parameters }) => Object.keys(parameters));
    const known = [...new Set(own.flat())];
    for (const pick of own.length === 0 ? [] : picks.filter((name) => !known.includes(name))) {
      const made = known.length === 0 ? 'they pick nothing' : `they pick ${known.join(', ')}`;
      sentences.add(`${what}: no step of ${action} picks ${pick}${suggestion(pick, known)}; ${made}, so ${so}`);
    }
  };
  for (const { action, each } of fairness) {
    if (action === undefined || each === 'all') continue;
    say(action, each, 'fairness', 'what is asked is weaker than fairness for each');
  }
  for (const { name, formula } of temporal) {
    for (const { action, parameters } of takenIn(formula)) {
      say(action, Object.keys(parameters), name, 'no step is the one that it speaks of');
    }
  }
  return [...sentences];
}
