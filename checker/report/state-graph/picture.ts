/** What a picture of a state graph shows, whatever it is written in: a graph of graphlib with labels to be drawn. */
import { Graph } from 'graphlib';

import type { GraphState, StateGraph, TraceStep } from '../../explore/index.ts';
import { isRecord, show, showCall, showPath, type Path, type RecordValue, type Value } from '../../value/index.ts';

/** The label of a state. */
export interface PicturedState {
  /** Its number, in order of discovery, and what it breaks. */
  readonly title: string;
  /** The variables that differ among the states of the graph; none where the graph is large. */
  readonly lines: readonly string[];
  /** The whole state. */
  readonly tooltip: string;
  readonly level: number;
  readonly isBroken: boolean;
  readonly isBeyond: boolean;
  /** Whether the counterexample goes through it. */
  readonly isOnTrace: boolean;
}

/** The label of the steps of one action between two states. */
export interface PicturedSteps {
  /** The number of the action in the spec. */
  readonly action: number;
  /** The steps, one a line; none where the graph is large. */
  readonly lines: readonly string[];
  readonly tooltip: string;
  readonly isBroken: boolean;
  readonly isBeyond: boolean;
  readonly isOnTrace: boolean;
}

/** The label of the picture as a whole. */
export interface PicturedGraph {
  readonly title: string;
  /** What colours and lines mean, in words. */
  readonly notes: readonly string[];
  readonly actions: readonly string[];
  readonly levels: number;
}

/** Larger graphs have numbers in place of variables, and no text on steps: both stay in tooltips. */
const detailedStates = 60;
const longestLine = 44;
const mostLines = 12;
const mostStepLines = 3;

/**
 * Lays down what a picture shows of a state graph.
 *
 * @param counterexample - the states and steps of a behaviour to stand out
 * @returns a graph with a {@link PicturedGraph}, a {@link PicturedState} for each node and {@link PicturedSteps} for each
 *   edge, which is named by its action
 */
export function picture(graph: StateGraph, counterexample: readonly TraceStep[] = []): Graph {
  const { states, steps, actions } = graph;
  const hasDetail = isDetailed(states);
  const path = counterexample.map(({ state }) => show(state));
  const pathSteps = new Set(counterexample.slice(1).map((step, i) => `${path[i]!} ${stepName(step)} ${path[i + 1]!}`));
  const texts = states.map(({ state }) => show(state));
  const drawn = new Graph({ directed: true, multigraph: true });
  drawn.setGraph(graphLabel(graph, counterexample.length > 0));
  const varying = hasDetail ? varyingPlaces(states) : [];
  const groups = [...grouped(graph)].map(([key, group]) => ({
    key,
    group,
    names: group.map((i) => stepName(steps[i]!)),
  }));
  const idle = new Map<number, string[]>();
  for (const { group, names } of groups) {
    const { from, to } = steps[group[0]!]!;
    if (from === to) idle.set(from, [...(idle.get(from) ?? []), ...names]);
  }
  for (const [i, state] of states.entries()) {
    const detail = hasDetail ? { varying, idle: idle.get(i) ?? [] } : undefined;
    drawn.setNode(String(i), stateLabel(state, i, detail, path.includes(texts[i]!)));
  }
  for (const { key, group, names } of groups) {
    const { from, to, action } = steps[group[0]!]!;
    if (from === to) continue;
    const isOnTrace = names.some((name) => pathSteps.has(`${texts[from]!} ${name} ${texts[to]!}`));
    const broken = [...new Set(group.flatMap((i) => steps[i]!.broken))];
    const label: PicturedSteps = {
      action: actions.indexOf(action),
      lines: hasDetail ? clippedLines([...names, ...broken.map((name) => `✗ ${name}`)], mostStepLines) : [],
      tooltip: [...names, ...broken.map((name) => `breaks ${name}`)].join('\n'),
      isBroken: broken.length > 0,
      isBeyond: group.every((i) => steps[i]!.isBeyond),
      isOnTrace,
    };
    drawn.setEdge(String(from), String(to), label, key);
  }
  return drawn;
}

function graphLabel({ spec, states, steps, actions }: StateGraph, hasTrace: boolean): PicturedGraph {
  const hasIdle = steps.some(({ from, to }) => from === to);
  const beyond = states.filter(({ isBeyond }) => isBeyond).length;
  const broken = states.filter((state) => state.broken.length > 0).length;
  const levels = Math.max(1, ...states.map(({ level }) => level));
  return {
    title: `${spec}: ${states.length - beyond} states, ${steps.length} steps, ${levels} levels`,
    notes: [
      'the deeper the level of a state, the bluer it is; a double border is an initial state',
      ...(broken > 0 || steps.some((step) => step.broken.length > 0) ? ['red: a property is violated'] : []),
      ...(beyond > 0 || steps.some(({ isBeyond }) => isBeyond) ? ['dashed border: beyond a constraint, not left'] : []),
      ...(hasIdle
        ? [isDetailed(states) ? '↻ steps that change nothing' : 'steps that change nothing are not drawn']
        : []),
      ...(hasTrace ? ['thick: the counterexample'] : []),
    ],
    actions,
    levels,
  };
}

/** What the label of a state says beside its number, where the graph is small. */
interface Detail {
  /** The places that tell states apart. */
  readonly varying: readonly Path[];
  /** The steps that change nothing. */
  readonly idle: readonly string[];
}

function stateLabel(state: GraphState, index: number, detail: Detail | undefined, isOnTrace: boolean): PicturedState {
  const { level, broken, isBeyond } = state;
  const { varying = [], idle = [] } = detail ?? {};
  const lines = varying.map((path) => `${showPath(path)} = ${at(state.state, path)}`);
  return {
    title: [String(index), ...broken.map((name) => `✗ ${name}`)].join(' '),
    lines: clippedLines([...lines, ...(idle.length > 0 ? [`↻ ${idle.join(', ')}`] : [])], mostLines),
    tooltip: [
      `state ${index}, level ${level}${isBeyond ? ', beyond a constraint' : ''}`,
      ...broken.map((name) => `breaks ${name}`),
      ...Object.entries(state.state).map(([name, value]) => `${name} = ${show(value)}`),
    ].join('\n'),
    level,
    isBroken: broken.length > 0,
    isBeyond,
    isOnTrace,
  };
}

function isDetailed(states: readonly GraphState[]): boolean {
  return states.length <= detailedStates;
}

/** The steps by what one line of the picture stands for: their two states and their action. */
function grouped({ steps }: StateGraph): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, { from, to, action }] of steps.entries()) {
    const key = `${from} ${to} ${action}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  return groups;
}

function stepName({ action, parameters }: Pick<TraceStep, 'action' | 'parameters'>): string {
  return showCall(action!, parameters);
}

/** The places inside records whose value is not the same in all states: what tells states apart. */
function varyingPlaces(states: readonly GraphState[]): readonly Path[] {
  const places = new Map<string, { readonly path: Path; readonly texts: Set<string> }>();
  for (const { state } of states) {
    for (const path of placesIn(state, [])) {
      const key = showPath(path);
      if (!places.has(key)) places.set(key, { path, texts: new Set(states.map((one) => at(one.state, path))) });
    }
  }
  return [...places.values()].filter(({ texts }) => texts.size > 1).map(({ path }) => path);
}

function placesIn(value: Value, path: Path): readonly Path[] {
  if (!isRecord(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, field]) => placesIn(field, [...path, key]));
}

/** What is at a place, as text; `·` where a state has no such place. */
function at(state: RecordValue, path: Path): string {
  let value: Value = state;
  for (const step of path) {
    if (!isRecord(value) || typeof step !== 'string' || !Object.hasOwn(value, step)) return '·';
    value = value[step]!;
  }
  return show(value);
}

function clippedLines(lines: readonly string[], most: number): readonly string[] {
  const kept = lines.length <= most ? lines : [...lines.slice(0, most - 1), `… and ${lines.length - most + 1} more`];
  return kept.map((line) => (line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`));
}
