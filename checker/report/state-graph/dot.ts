/** A picture of a state graph in the DOT language. */
import type { Graph } from 'graphlib';

import { dotString } from '../dot-string.ts';
import { actionColor, brokenColor, brokenFill, isDashed, levelColor } from './palette.ts';
import type { PicturedGraph, PicturedState, PicturedSteps } from './picture.ts';

/**
 * Writes a picture of {@link picture} in the DOT language, for `dot -Tsvg` and `sfdp`.
 *
 * @returns a digraph whose nodes are named by the numbers of the states
 */
export function stateGraphDot(picture: Graph): string {
  const { title, notes, actions, levels } = picture.graph() as PicturedGraph;
  return `${[
    'digraph states {',
    `  label=${dotString([title, ...notes].join('\n'))};`,
    '  labelloc=t;',
    '  node [shape=box, style="filled,rounded", fontname="monospace", fontsize=10];',
    '  edge [fontname="monospace", fontsize=9];',
    ...picture.nodes().map((id) => nodeLine(id, picture.node(id) as PicturedState, levels)),
    ...picture.edges().map((edge) => edgeLine(edge.v, edge.w, picture.edge(edge) as PicturedSteps)),
    ...legend(actions),
    '}',
  ].join('\n')}\n`;
}

function nodeLine(id: string, state: PicturedState, levels: number): string {
  const { title, lines, tooltip, level, isBroken, isBeyond, isOnTrace } = state;
  return `  ${id} ${attributes({
    label: [title, ...lines].join('\n'),
    tooltip,
    fillcolor: isBroken ? brokenFill : levelColor(level, levels),
    ...(isBroken && { color: brokenColor }),
    ...(isBeyond && { style: 'filled,rounded,dashed' }),
    ...(level === 1 && { peripheries: '2' }),
    ...(isOnTrace && { penwidth: '3' }),
  })};`;
}

function edgeLine(from: string, to: string, steps: PicturedSteps): string {
  const { action, lines, tooltip, isBroken, isBeyond, isOnTrace } = steps;
  const color = isBroken ? brokenColor : actionColor(action);
  return `  ${from} -> ${to} ${attributes({
    ...(lines.length > 0 && { label: lines.join('\n') }),
    tooltip,
    color,
    fontcolor: color,
    ...((isBeyond || isDashed(action)) && { style: isBeyond ? 'dotted' : 'dashed' }),
    ...(isOnTrace && { penwidth: '3' }),
  })};`;
}

function legend(actions: readonly string[]): readonly string[] {
  const names = actions.map(
    (name, i) => `    ${dotString(`action ${i}`)} ${attributes({ label: name, fontcolor: actionColor(i) })};`,
  );
  return [
    '  subgraph cluster_actions {',
    '    label="actions";',
    '    node [shape=plaintext, style=""];',
    ...names,
    '  }',
  ];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return `[${Object.entries(values)
    .map(([name, value]) => `${name}=${dotString(value)}`)
    .join(', ')}]`;
}
