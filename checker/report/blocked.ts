/** Why no action is enabled in a state: of each action the guard that its furthest attempt came to. */
import { Choices, noChoice, openDraft, watched, watchingGuards } from '../spec/index.ts';
import type { Choose, Routine, System } from '../spec/index.ts';
import type { RecordValue } from '../value/index.ts';
import { innermostFrame, Places, type CodePlace, type PlaceOptions } from './code-places.ts';

/** Why an action is not enabled. */
export interface BlockedAction {
  readonly action: string;
  /** The guard that is false, where it is one of the spec's own. */
  readonly guard?: CodePlace;
  /** Or the pick for which there is nothing to choose from. */
  readonly empty?: string;
}

/** Ways to choose that are tried of each action. */
const mostAttempts = 256;

/**
 * Says why each action is not enabled. Of all ways to choose, that one is told which looked at most of the state.
 *
 * Cost: the runs of every action in the state.
 */
export function blockedActions(system: System, state: RecordValue, options: PlaceOptions): readonly BlockedAction[] {
  return system.actions.map((action) => ({ action: action.name, ...furthest(action, state, options) }));
}

function furthest(action: Routine, state: RecordValue, options: PlaceOptions): Omit<BlockedAction, 'action'> {
  const choices = new Choices();
  let [best, most]: [Omit<BlockedAction, 'action'>, number] = [{}, -1];
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    const { why, reads } = attempt(action, state, choices, options);
    if (reads > most) [best, most] = [why(), reads];
    if (!choices.advance()) break;
  }
  return best;
}

function attempt(action: Routine, state: RecordValue, choices: Choices, options: PlaceOptions) {
  const guards = new Places(innermostFrame, 1, options);
  let [reads, empty]: [number, string | undefined] = [0, undefined];
  const choose: Choose = (name, domain) => {
    const chosen = choices.choose(name, domain);
    if (chosen === noChoice) empty = name;
    return chosen;
  };
  const draft = watched(openDraft(state).draft, () => {
    reads += 1;
  });
  const noteFailure = (holds: boolean): void => {
    if (!holds) guards.note();
  };
  watchingGuards(noteFailure, () => action.run(choose, draft));
  const why = (): Omit<BlockedAction, 'action'> => {
    const guard = guards.last();
    return { ...(guard !== undefined && { guard }), ...(empty !== undefined && { empty }) };
  };
  return { why, reads };
}
