/**
 * The shortest way to a state through those that are known: where searches have wandered, the way they went may be long.
 */
import { assert } from '../core/index.ts';
import type { StepGraph } from './row-graph.ts';
import { Steps } from './steps.ts';

/** States between two pauses. */
const statesPerPause = 256;

/**
 * Finds the states on a shortest way from an initial state to a state, both included; pauses now and then.
 *
 * Cost: O(steps between known states), and four bytes for each of them.
 */
export function* shortestWay(graph: StepGraph, target: number): Generator<void, readonly number[]> {
  if (target < 0) return [];
  const unknown = -2;
  const parents = new Int32Array(graph.count).fill(unknown);
  const queue = new Int32Array(graph.count);
  let length = 0;
  for (; length < graph.initialCount; length++) {
    parents[length] = -1;
    queue[length] = length;
  }
  const steps = new Steps();
  for (let next = 0; parents[target] === unknown; next++) {
    assert(next < length, 'a known state is reached through known states');
    const state = queue[next] as number;
    graph.steps(state, steps);
    for (let i = 0; i < steps.count; i++) {
      const to = steps.targets[i] as number;
      if (to < 0 || parents[to] !== unknown) continue;
      parents[to] = state;
      queue[length++] = to;
    }
    if (next % statesPerPause === statesPerPause - 1) yield;
  }
  const way: number[] = [];
  for (let at = target; at >= 0; at = parents[at] as number) way.push(at);
  return way.reverse();
}
