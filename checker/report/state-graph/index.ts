/** Pictures of state graphs of small systems, in the DOT language and as SVG. */
import type { StateGraph, TraceStep } from '../../explore/index.ts';
import { stateGraphDot as dotOf } from './dot.ts';
import { picture } from './picture.ts';
import { stateGraphSvg as svgOf } from './svg.ts';

/** More states than this nobody can read in a picture, and laying them out takes long. */
export const mostStatesInSvg = 300;

/** More states than this no program that draws DOT files lays out in reasonable time. */
export const mostStatesInDot = 10_000;

/**
 * Draws a state graph: states are filled by their level, steps are coloured by their action, and what breaks a property
 * is red.
 *
 * @param counterexample - a behaviour to stand out
 * @returns a document in SVG
 */
export function stateGraphSvg(graph: StateGraph, counterexample?: readonly TraceStep[]): string {
  return svgOf(picture(graph, counterexample));
}

/** The same picture in the DOT language, for the programs of Graphviz; see {@link stateGraphSvg}. */
export function stateGraphDot(graph: StateGraph, counterexample?: readonly TraceStep[]): string {
  return dotOf(picture(graph, counterexample));
}
