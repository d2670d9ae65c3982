/**
 * A picture of a state graph as SVG: dagre finds the places, what is drawn there is written here.
 *
 * A row is a level. Steps to the next level are what dagre lays out; those that lead back or sideways would tear the
 * rows apart, and are drawn as arcs when all else has its place.
 *
 * It stands alone: no script, no style sheet, no font from elsewhere. It is dark on white in every theme, for print.
 */
import { layout as findPlaces } from '@dagrejs/dagre';
import { Graph } from 'graphlib';

import { escapeXml } from '../xml.ts';
import { actionColor, brokenColor, brokenFill, isDashed, levelColor } from './palette.ts';
import type { PicturedGraph, PicturedState, PicturedSteps } from './picture.ts';

/** Pixels of a character and of a line, at the size of the font. */
const font = { size: 11, character: 6.7, line: 14 } as const;
const padding = 6;
const margin = 24;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a picture of {@link picture}.
 *
 * Source: dagre lays graphs out in levels, after Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed
 * Graphs" (1993). Cost: about a second of processor time for 300 states, and more than quadratic in them.
 */
export function stateGraphSvg(picture: Graph): string {
  const { title, notes, actions, levels } = picture.graph() as PicturedGraph;
  const layout = laidOut(picture);
  const { width: graphWidth = 0, height: graphHeight = 0 } = layout.graph() as Partial<Box>;
  const texts = [title, ...notes];
  const headHeight = font.line * texts.length + legendHeight(actions) + margin;
  const width = Math.ceil(Math.max(graphWidth, ...texts.map(widthOf), legendWidth(actions)) + 2 * margin);
  const height = Math.ceil(graphHeight + headHeight + 2 * margin);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="ui-monospace, monospace" font-size="${font.size}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(notes.join('; '))}</desc>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...texts.map((text, i) =>
      textAt({ x: margin, y: margin + font.line * i }, text, i === 0 ? ' font-weight="bold"' : ''),
    ),
    ...legend(actions, margin + font.line * texts.length),
    `<g transform="translate(${margin} ${headHeight + margin})">`,
    ...picture.edges().map((edge) => {
      const label = picture.edge(edge) as PicturedSteps;
      if (isForward(picture, edge)) return steps(label, pathThrough, layout.edge(edge) as Route);
      return steps(label, arcThrough, arcBetween(layout.node(edge.v) as Box, layout.node(edge.w) as Box, label));
    }),
    ...picture.nodes().map((id) => state(picture.node(id) as PicturedState, layout.node(id) as Box, levels)),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

/** The states with their places, and the steps to the next level with their routes. */
function laidOut(picture: Graph): Graph {
  const layout = new Graph({ directed: true, multigraph: true });
  // Levels with many states are far apart, so that steps between their ends are not all but level.
  layout.setGraph({ nodesep: 18, edgesep: 8, ranksep: 34 + picture.nodeCount() / 3 });
  for (const id of picture.nodes()) layout.setNode(id, sizeOf(picture.node(id) as PicturedState));
  for (const edge of picture.edges()) {
    if (!isForward(picture, edge)) continue;
    const { lines } = picture.edge(edge) as PicturedSteps;
    const size = { width: Math.max(0, ...lines.map(widthOf)), height: lines.length * font.line };
    layout.setEdge(edge.v, edge.w, { ...size, labelpos: 'r', labeloffset: 6 }, edge.name);
  }
  findPlaces(layout);
  return layout;
}

function isForward(picture: Graph, { v, w }: { readonly v: string; readonly w: string }): boolean {
  return (picture.node(v) as PicturedState).level < (picture.node(w) as PicturedState).level;
}

function sizeOf({ title, lines }: PicturedState): Pick<Box, 'width' | 'height'> {
  return {
    width: Math.max(...[title, ...lines].map(widthOf)) + 2 * padding,
    height: (1 + lines.length) * font.line + padding,
  };
}

/** About how wide a text is; characters beyond Latin are taken to be twice as wide. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character < '\u2e80' ? font.character : 2 * font.character;
  return width;
}

function state(label: PicturedState, { x, y, width, height }: Box, levels: number): string {
  const { title, lines, tooltip, level, isBroken, isBeyond, isOnTrace } = label;
  const stroke = isBroken ? brokenColor : '#333333';
  const [left, top] = [x - width / 2, y - height / 2];
  const box = (inset: number, fill: string, more: string): string =>
    `<rect x="${px(left + inset)}" y="${px(top + inset)}" width="${px(width - 2 * inset)}" height="${px(height - 2 * inset)}" rx="4" fill="${fill}" stroke="${stroke}"${more}/>`;
  const more = `${isOnTrace ? ' stroke-width="3"' : ''}${isBeyond ? ' stroke-dasharray="4 3"' : ''}`;
  return [
    `<g><title>${escapeXml(tooltip)}</title>`,
    box(0, isBroken ? brokenFill : levelColor(level, levels), more),
    ...(level === 1 ? [box(3, 'none', '')] : []),
    ...[title, ...lines].map((text, i) =>
      textAt({ x: left + padding, y: top + padding / 2 + i * font.line }, text, i === 0 ? ' font-weight="bold"' : ''),
    ),
    '</g>',
  ].join('');
}

/** The points of a line, and where its text is, if it has one. */
interface Route extends Partial<Point> {
  readonly points: readonly Point[];
  readonly width: number;
}

/** An arc that leaves one box and enters another, on the left of the way there. It has no text, which others would hide. */
function arcBetween(from: Box, to: Box, { action }: PicturedSteps): Route {
  const distance = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const bend = 0.12 * distance + 14 + 5 * (action % 4);
  const bendTo = {
    x: (from.x + to.x) / 2 + ((to.y - from.y) / distance) * bend,
    y: (from.y + to.y) / 2 - ((to.x - from.x) / distance) * bend,
  };
  return { points: [borderTowards(from, bendTo), bendTo, borderTowards(to, bendTo)], width: 0 };
}

/** Where the line from the middle of a box to a point leaves the box. */
function borderTowards({ x, y, width, height }: Box, point: Point): Point {
  const [dx, dy] = [point.x - x, point.y - y];
  const scale = Math.min(1, width / 2 / (Math.abs(dx) || 1e-9), height / 2 / (Math.abs(dy) || 1e-9));
  return { x: x + dx * scale, y: y + dy * scale };
}

function arcThrough([start, bendTo, end]: readonly Point[]): string {
  return `M${px(start!.x)} ${px(start!.y)}Q${px(bendTo!.x)} ${px(bendTo!.y)} ${px(end!.x)} ${px(end!.y)}`;
}

function steps(
  label: PicturedSteps,
  through: (points: readonly Point[]) => string,
  { points, x, y, width }: Route,
): string {
  const { action, lines, tooltip, isBroken, isBeyond, isOnTrace } = label;
  const color = isBroken ? brokenColor : actionColor(action);
  const dashes = isBeyond ? ' stroke-dasharray="2 3"' : isDashed(action) ? ' stroke-dasharray="7 3"' : '';
  const texts =
    x === undefined || y === undefined
      ? []
      : lines.map((text, i) =>
          textAt({ x: x - width / 2, y: y + (i - lines.length / 2) * font.line }, text, ` fill="${color}" ${halo}`),
        );
  return [
    `<g><title>${escapeXml(tooltip)}</title>`,
    `<path d="${through(points)}" fill="none" stroke="${color}" stroke-width="${isOnTrace ? 3 : 1.2}"${dashes}/>`,
    arrowHead(points.at(-2)!, points.at(-1)!, color),
    ...texts,
    '</g>',
  ].join('');
}

/** A smooth line: each inner point is what the line bends towards, half way between two is where it passes. */
function pathThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const parts = [`M${px(first!.x)} ${px(first!.y)}`];
  for (const [i, point] of rest.entries()) {
    const next = rest[i + 1];
    if (next === undefined) parts.push(`L${px(point.x)} ${px(point.y)}`);
    else parts.push(`Q${px(point.x)} ${px(point.y)} ${px((point.x + next.x) / 2)} ${px((point.y + next.y) / 2)}`);
  }
  return parts.join('');
}

function arrowHead(from: Point, to: Point, color: string): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const corner = (side: number): string =>
    `${px(to.x - 8 * dx + side * 3.5 * dy)},${px(to.y - 8 * dy - side * 3.5 * dx)}`;
  return `<polygon points="${px(to.x)},${px(to.y)} ${corner(1)} ${corner(-1)}" fill="${color}"/>`;
}

// The names of the actions, each in its colour, in columns.
const legendColumns = 4;

function legendHeight(actions: readonly string[]): number {
  return Math.ceil(actions.length / legendColumns) * font.line + padding;
}

function legendWidth(actions: readonly string[]): number {
  return Math.min(actions.length, legendColumns) * columnWidth(actions);
}

function columnWidth(actions: readonly string[]): number {
  return Math.max(0, ...actions.map(widthOf)) + 40;
}

function legend(actions: readonly string[], top: number): readonly string[] {
  return actions.map((name, i) => {
    const x = margin + (i % legendColumns) * columnWidth(actions);
    const y = top + padding + Math.floor(i / legendColumns) * font.line;
    const dashes = isDashed(i) ? ' stroke-dasharray="7 3"' : '';
    const line = `<path d="M${px(x)} ${px(y + 7)}h18" stroke="${actionColor(i)}" stroke-width="2.5"${dashes}/>`;
    return line + textAt({ x: x + 24, y }, name, ` fill="${actionColor(i)}"`);
  });
}

/** Keeps text legible where lines pass behind it. */
const halo = 'stroke="#ffffff" stroke-width="3" paint-order="stroke"';

/** Text whose upper left corner is at a place. */
function textAt({ x, y }: Point, text: string, more = ''): string {
  return `<text x="${px(x)}" y="${px(y + font.size)}" xml:space="preserve"${more}>${escapeXml(text)}</text>`;
}

/** A length in as many digits as anybody sees, so that the file is the same on every machine. */
function px(length: number): string {
  return String(Math.round(length * 10) / 10);
}
