/** Behaviours in the DOT language: a box for each state, an arrow for each step. */
import { paintFor } from './paint.ts';
import { shortened } from './shortened.ts';
import { dotString } from './dot-string.ts';
import type { Report, ReportStep } from './report.ts';
import { changeLines, stateLines } from './state-text.ts';

/** A line of a box is not longer; the JSON report has all. */
const longestLine = 160;

const plain = paintFor(false);

/** The behaviour of a report as a graph for `dot -Tsvg`; `undefined` where it has none. */
export function dotReport({ headline, outcome, behaviour }: Report): string | undefined {
  if (behaviour === undefined) return undefined;
  const { steps, loopsTo } = behaviour;
  const last = steps.length - 1;
  // The last state of a lasso is an earlier one again, unless the behaviour stays where it is.
  const isClosed = loopsTo !== undefined && loopsTo < last;
  const boxOf = (i: number): string => `s${isClosed && i === last ? loopsTo : i}`;
  const nodes = steps.slice(0, isClosed ? last : undefined).map((step, i) => {
    const isBad = outcome === 'violated' && i === last;
    return `  s${i} [label=${boxLabel(step, steps[i - 1])}${isBad ? ', color=red, penwidth=2' : ''}];`;
  });
  const edges = steps.slice(1).map(({ index, name, fault }) => {
    const style = fault === undefined ? '' : ', color=darkorange, fontcolor=darkorange';
    return `  s${index - 1} -> ${boxOf(index)} [label=${dotString(shortened(name, longestLine))}${style}];`;
  });
  const loop = loopsTo === last ? [`  s${last} -> s${last} [label="for ever"];`] : [];
  return `${[
    'digraph trace {',
    `  label=${dotString(shortened(headline, longestLine))};`,
    '  labelloc=t;',
    '  node [shape=box, fontname="monospace"];',
    '  edge [fontname="monospace"];',
    ...nodes,
    ...edges,
    ...loop,
    '}',
  ].join('\n')}\n`;
}

/** The number of the state, and what is in it or what changed; lines that begin at the left. */
function boxLabel({ index, state }: ReportStep, before: ReportStep | undefined): string {
  const lines = before === undefined ? stateLines(state) : changeLines(before.state, state, plain);
  const text = [`state ${index}`, ...lines].map((line) => `${dotString(shortened(line, longestLine)).slice(1, -1)}\\l`);
  return `"${text.join('')}"`;
}
