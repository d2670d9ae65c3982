import { expect, test } from 'vitest';

import { dependencies } from './dependencies.test-support.ts';
import { dependencyDot, dependencyGraph } from './dependency-graph.ts';

test('the graph has a node for each action and an edge for each influence', () => {
  const graph = dependencyGraph(dependencies);
  expect(graph.nodes()).toEqual(['enter', 'leave', 'guess']);
  expect(graph.successors('enter')).toEqual(['enter', 'leave']);
  expect(graph.node('leave')).toEqual(dependencies.actions[1]);
  expect(graph.edge('leave', 'enter')).toEqual(dependencies.influences[2]);
});

test('the picture names the variables of each edge, and dashes what was not learned', () => {
  expect(dependencyDot(dependencies)).toBe(`digraph dependencies {
  node [shape=box];
  "enter" [label="enter"];
  "leave" [label="leave"];
  "guess" [label="guess", style=dashed, tooltip="not learned"];
  "enter" -> "enter" [label="inside.*"];
  "enter" -> "leave" [label="sent"];
  "leave" -> "enter" [label="the \\"lock\\""];
}
`);
});
