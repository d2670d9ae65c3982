/** Which action influences which: as a graph of graphlib, and as a picture in the DOT language. */
import { Graph } from 'graphlib';

import type { ActionDependencies, Dependencies, Influence } from '../explore/index.ts';
import { dotString } from './dot-string.ts';

/**
 * The influences among actions as a graph: a node an action, an edge from one that changes a variable to one that reads
 * it. Nodes are labelled with what their actions read and write, edges with the {@link Influence}.
 */
export function dependencyGraph({ actions, influences }: Dependencies): Graph {
  const graph = new Graph({ directed: true });
  for (const dependencies of actions) graph.setNode(dependencies.action, dependencies);
  for (const influence of influences) graph.setEdge(influence.from, influence.to, influence);
  return graph;
}

/**
 * The graph of {@link dependencyGraph} in the DOT language, for `dot -Tsvg`. Edges are labelled with the variables
 * through which one action influences the other; actions that were not learned are dashed, and have no edges.
 */
export function dependencyDot(dependencies: Dependencies): string {
  const graph = dependencyGraph(dependencies);
  const nodes = graph.nodes().map((id) => {
    const { learned } = graph.node(id) as ActionDependencies;
    const style = learned ? '' : `, style=dashed, tooltip="not learned"`;
    return `  ${dotString(id)} [label=${dotString(id)}${style}];`;
  });
  const edges = graph.edges().map((edge) => {
    const { through } = graph.edge(edge) as Influence;
    return `  ${dotString(edge.v)} -> ${dotString(edge.w)} [label=${dotString(through.join('\n'))}];`;
  });
  return `${['digraph dependencies {', '  node [shape=box];', ...nodes, ...edges, '}'].join('\n')}\n`;
}
