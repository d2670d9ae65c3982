/**
 * The happened-before order as a graph, and as pictures: DOT, ShiViz, and SVG.
 *
 * Pictures are for people: beyond a few thousand events none is drawn. For large logs ask `HappenedBefore` itself.
 */
import { Graph } from 'graphlib';
import { dotString, escapeXml } from '../../checker/report/index.ts';
import { jsonText, type LogEvent } from '../event/index.ts';
import type { HappenedBefore } from './happened-before.ts';

/** The order as a graph of graphlib: a node an event (labelled with it), an edge for each covering pair. */
export function happenedBeforeGraph(order: HappenedBefore): Graph {
  const graph = new Graph({ directed: true });
  for (const [i, event] of order.events.entries()) graph.setNode(String(i), event);
  for (const [from, to] of order.edges()) graph.setEdge(String(from), String(to));
  return graph;
}

/** A graph of `happenedBeforeGraph` in the DOT language, the events of a node in a column of their own. */
export function dotText(graph: Graph): string {
  const lines = ['digraph "happened before" {', '  node [shape=box, fontname="monospace"];'];
  const columns = new Map<string, string[]>();
  for (const id of graph.nodes()) {
    const event = graph.node(id) as LogEvent;
    const column = columns.get(nodeOf(event)) ?? [];
    columns.set(nodeOf(event), [...column, `    ${id} [label=${dotString(labelOf(event))}];`]);
  }
  let cluster = 0;
  for (const [node, members] of columns) {
    lines.push(`  subgraph cluster_${cluster++} {`, `    label=${dotString(node)};`, ...members, '  }');
  }
  for (const { v, w } of graph.edges()) lines.push(`  ${v} -> ${w};`);
  return `${[...lines, '}'].join('\n')}\n`;
}

/**
 * Events with vector clocks as a ShiViz log: two lines an event, as GoVector writes them. Events without clocks are left
 * out.
 */
export function shivizText(events: Iterable<LogEvent>): string {
  let text = '';
  for (const { node, clock, name, raw } of events) {
    if (node === undefined || clock === undefined) continue;
    const host = node.replaceAll(/\s/g, '_');
    const entries = [...clock].map(([key, count]) => [key.replaceAll(/\s/g, '_'), count] as const);
    text += `${host} ${jsonText(Object.fromEntries(entries))}\n${(name ?? raw).replaceAll('\n', ' ')}\n`;
  }
  return text;
}

const columnWidth = 180;
const rowHeight = 28;
const margin = 40;

/**
 * A space-time diagram: a column a node, time downwards, an arrow for each message.
 *
 * The row of an event is the length of the longest chain that leads to it, so that arrows point downwards.
 */
export function svgText(order: HappenedBefore): string {
  const nodes = [...new Set(order.events.map(nodeOf))];
  const edges = [...order.edges()];
  const row = rowsOf(order, edges);
  const x = (i: number): number => margin + nodes.indexOf(nodeOf(order.events[i])) * columnWidth;
  const y = (i: number): number => margin + rowHeight + (row[i] ?? 0) * rowHeight;
  const height = margin * 2 + rowHeight * (1 + Math.max(0, ...row));
  const shapes = nodes.map((node, i) => {
    const at = margin + i * columnWidth;
    return `<line x1="${at}" y1="${margin}" x2="${at}" y2="${height - margin / 2}" stroke="#bbb"/><text x="${at}" y="${margin - 12}" text-anchor="middle" font-weight="bold">${escapeXml(node)}</text>`;
  });
  for (const [from, to] of edges) {
    if (nodeOf(order.events[from]) === nodeOf(order.events[to])) continue;
    shapes.push(
      `<line x1="${x(from)}" y1="${y(from)}" x2="${x(to)}" y2="${y(to)}" stroke="#36c" marker-end="url(#a)"/>`,
    );
  }
  for (const [i, event] of order.events.entries()) {
    const label = labelOf(event);
    const short = label.length > 24 ? `${label.slice(0, 23)}…` : label;
    shapes.push(
      `<circle cx="${x(i)}" cy="${y(i)}" r="5"><title>${escapeXml(`${event.file}:${event.line} ${label}`)}</title></circle><text x="${x(i) + 10}" y="${y(i) + 4}">${escapeXml(short)}</text>`,
    );
  }
  const width = margin * 2 + columnWidth * nodes.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12"><defs><marker id="a" viewBox="0 0 8 8" refX="10" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#36c"/></marker></defs>
${shapes.join('\n')}
</svg>
`;
}

function rowsOf(order: HappenedBefore, edges: readonly (readonly [number, number])[]): number[] {
  const row = order.events.map(() => 0);
  const after = order.events.map((): number[] => []);
  const missing = order.events.map(() => 0);
  for (const [from, to] of edges) {
    after[from]?.push(to);
    missing[to] = (missing[to] ?? 0) + 1;
  }
  const queue = [...missing.keys()].filter((i) => missing[i] === 0);
  for (let head = 0; head < queue.length; head += 1) {
    const event = queue[head] ?? 0;
    for (const next of after[event] ?? []) {
      row[next] = Math.max(row[next] ?? 0, (row[event] ?? 0) + 1);
      missing[next] = (missing[next] ?? 0) - 1;
      if (missing[next] === 0) queue.push(next);
    }
  }
  return row;
}

function nodeOf(event: LogEvent | undefined): string {
  return event?.node ?? '(no node)';
}

function labelOf(event: LogEvent): string {
  return event.name ?? event.raw;
}
