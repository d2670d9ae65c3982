/** One call that replays a saved counterexample, for tests. */
import { replay, savedConstants, savedCounterexample, type Replay } from '../report/index.ts';
import { bind, type BindOptions, type Spec } from '../spec/index.ts';

/** What of a saved result is replayed: what `--json` prints, or as much of it as is here. */
export interface SavedViolation {
  readonly constants?: object;
  readonly violation: {
    readonly kind: string;
    readonly name: string;
    readonly trace: readonly { readonly action: string | null; readonly parameters: object; readonly state?: object }[];
  };
}

/**
 * Takes the steps of a saved counterexample again, with the constants that were saved, as far as the spec still has them.
 *
 * @param spec - what `defineSpec` or `defineProtocol` gave
 * @param saved - the document of a result with a violation, values in their JSON form
 * @param options - `mutant`, `model`, and `constants` that replace those that were saved
 * @throws BivalentError `report/document`, `replay/unknown` where the spec has no such action or property
 */
export function replaySpec<C, I>(spec: Spec<C, I>, saved: SavedViolation, options: BindOptions = {}): Replay {
  const constants = { ...savedConstants(saved, spec as unknown as Spec), ...options.constants };
  return replay(bind(spec, { ...options, constants }), savedCounterexample(saved));
}
