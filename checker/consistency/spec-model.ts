/**
 * A spec as a sequential model: its actions are the operations.
 *
 * An operation `f` takes a step of the action of that name. What the action picks says which step: a pick whose name is
 * a field of the operation's input must choose that field, one named `input` the whole input, and one named `output`
 * the answer. Any other pick is free, and so is the answer where no pick is named `output`.
 */
import { keyOf } from './canonical-key.ts';
import { powerset, unknownFunction, type Call, type NondeterministicModel, type SequentialModel } from './model.ts';
import { stepsOf, type System } from '../spec/index.ts';
import type { RecordValue } from '../value/index.ts';

/**
 * Makes a model of a system. Its state is the set of the spec's states that are possible.
 *
 * Cost: the spec's action runs for every choice of its picks, once for each state and different operation.
 */
export function specModel(system: System): SequentialModel<readonly RecordValue[]> {
  const functions = system.actions.map(({ name }) => name);
  const model: NondeterministicModel<RecordValue> = {
    name: system.name,
    init: system.initialStates,
    functions,
    step(state, call) {
      const action = system.actions.find(({ name }) => name === call.f);
      if (action === undefined) throw unknownFunction({ name: system.name, functions }, call.f);
      return stepsOf(system, action, state)
        .filter(({ parameters }) => matches(parameters, call))
        .map((step) => step.state);
    },
  };
  return powerset(model);
}

function matches(parameters: RecordValue, { input, output }: Call): boolean {
  return Object.entries(parameters).every(([name, value]) => {
    if (name === 'output') return output === undefined || keyOf(output) === keyOf(value);
    if (name === 'input') return keyOf(input) === keyOf(value);
    if (typeof input !== 'object' || input === null || !Object.hasOwn(input, name)) return true;
    return keyOf((input as Record<string, unknown>)[name]) === keyOf(value);
  });
}
