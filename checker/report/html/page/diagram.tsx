/** The space–time diagram: a line down for each node, an arrow for each message. Only what is in sight is drawn. */
import { show } from '../../../value/index.ts';
import { conditionOf, isCut } from '../conditions.ts';
import type { Behaviour } from '../../report.ts';
import type { Message } from '../../space-time.ts';
import { type Rows, rowHeight } from './rows.ts';

interface DiagramProps {
  readonly behaviour: Behaviour;
  /** The lanes that are shown. */
  readonly lanes: readonly string[];
  readonly rows: Rows;
  /** The rows that are in sight. */
  readonly window: { readonly first: number; readonly end: number };
  readonly laneWidth: number;
  readonly selected: number;
  readonly onSelect: (state: number) => void;
}

export function Diagram(props: DiagramProps) {
  const { behaviour, lanes, window, laneWidth, rows } = props;
  const { first, end } = window;
  const top = first * rowHeight;
  const height = (end - first) * rowHeight;
  const width = lanes.length * laneWidth;
  const inSight = Array.from({ length: end - first }, (_, i) => rows.stepAt(first + i));
  return (
    <svg
      class="diagram"
      width={width}
      height={height}
      viewBox={`0 ${top} ${width} ${height}`}
      style={{ top: `${top}px` }}
      aria-hidden="true"
    >
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="6" class="hatch" />
        </pattern>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="8"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path d="M0 0 L8 4 L0 8 z" />
        </marker>
        <marker
          id="arrow-selected"
          viewBox="0 0 8 8"
          refX="8"
          refY="4"
          markerWidth="10"
          markerHeight="10"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path d="M0 0 L8 4 L0 8 z" />
        </marker>
      </defs>
      {inSight
        .filter((step) => isCut(behaviour.steps[step]!.state))
        .map((step) => (
          <rect key={step} class="cut" x="0" y={rows.topOf(step)} width={width} height={rowHeight} fill="url(#hatch)" />
        ))}
      {lanes.map((lane, i) => (
        <Lifeline key={lane} {...props} lane={lane} x={xOf(i, laneWidth)} />
      ))}
      {messagesInSight(props).map((number) => (
        <Arrow key={number} {...props} message={behaviour.messages[number]!} />
      ))}
      {inSight.map((step) => (
        <Mark key={step} {...props} step={step} />
      ))}
    </svg>
  );
}

function xOf(lane: number, laneWidth: number): number {
  return (lane + 0.5) * laneWidth;
}

/** The messages that are on their way somewhere in sight, between nodes that are shown. */
function messagesInSight({ behaviour, lanes, rows, window }: DiagramProps): number[] {
  const [top, bottom] = [window.first * rowHeight, window.end * rowHeight];
  const isShown = new Set(lanes);
  return behaviour.messages.flatMap(({ from, to, sent = 0, ended }, number) => {
    if (!isShown.has(from) || !isShown.has(to)) return [];
    if (rows.yOf(sent) > bottom) return [];
    return ended !== undefined && rows.yOf(ended) < top ? [] : [number];
  });
}

/** The line of a node: from row to row as the node is there. */
function Lifeline({ behaviour, rows, window, lane, x }: DiagramProps & { readonly lane: string; readonly x: number }) {
  const runs: { condition: string; from: number; to: number }[] = [];
  for (let row = Math.max(0, window.first - 1); row < window.end; row++) {
    const step = rows.stepAt(row);
    const condition = conditionOf(behaviour.steps[step]!.state, lane);
    const [from, to] = [rows.yOf(step), rows.yOf(step) + rowHeight];
    const last = runs.at(-1);
    if (last?.condition === condition) last.to = to;
    else runs.push({ condition, from, to });
  }
  const bottom = rows.count * rowHeight;
  return (
    <g>
      {runs.map(({ condition, from, to }) => (
        <line key={from} class={`lifeline ${condition}`} x1={x} x2={x} y1={from} y2={Math.min(to, bottom)} />
      ))}
    </g>
  );
}

function Arrow({ lanes, rows, laneWidth, selected, onSelect, message }: DiagramProps & { readonly message: Message }) {
  const { from, to, type, sent, ended, end, isCopy } = message;
  const isSelected = sent === selected || ended === selected;
  const line = lineOf(message, { lanes, rows, laneWidth });
  const classes = [
    'message',
    end ?? 'in-flight',
    ...(isSelected ? ['selected'] : []),
    ...(isCopy === true ? ['copy'] : []),
  ];
  const head = end === 'lost' ? {} : { 'marker-end': `url(#arrow${isSelected ? '-selected' : ''})` };
  const middle = { x: line.x1 + (line.x2 - line.x1) * 0.62, y: line.y1 + (line.y2 - line.y1) * 0.62 - 6 };
  const isFar = from !== to && ended !== undefined;
  return (
    <g class={classes.join(' ')} onClick={() => onSelect(ended ?? sent ?? 0)}>
      <title>{messageText(message)}</title>
      <path class="line" d={pathOf(line)} {...head} />
      {end === 'lost' && <path class="cross" d={`M${line.x2 - 5} ${line.y2 - 5} l10 10 m0 -10 l-10 10`} />}
      {isSelected && isFar && (
        <text class="label" {...middle} text-anchor="middle">
          {type.length > 24 ? `${type.slice(0, 23)}…` : type}
        </text>
      )}
    </g>
  );
}

interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Whether a node sends the message to itself: the line bends out and comes back. */
  readonly isToSelf: boolean;
}

/**
 * Where a message goes: to the mark of the step in which it arrives; on the way there where it was lost; a short way where
 * it is still on its way when the behaviour ends, since all such lines together would hide the others.
 */
function lineOf(
  { from, to, sent, ended, end }: Message,
  { lanes, rows, laneWidth }: Pick<DiagramProps, 'lanes' | 'rows' | 'laneWidth'>,
): Line {
  const x1 = xOf(lanes.indexOf(from), laneWidth);
  const there = xOf(lanes.indexOf(to), laneWidth);
  const y1 = sent === undefined ? 0 : rows.yOf(sent);
  const isToSelf = from === to;
  const direction = Math.sign(there - x1);
  if (ended === undefined) return { x1, y1, x2: x1 + direction * 0.4 * laneWidth, y2: y1 + 0.6 * rowHeight, isToSelf };
  const y2 = rows.yOf(ended);
  const x2 = isToSelf ? x1 + 5 : end === 'lost' ? x1 + (there - x1) * 0.8 : there - direction * 5;
  return { x1, y1, x2, y2, isToSelf };
}

function pathOf({ x1, y1, x2, y2, isToSelf }: Line): string {
  return isToSelf ? `M${x1} ${y1} C${x1 + 26} ${y1} ${x1 + 26} ${y2} ${x2} ${y2}` : `M${x1} ${y1} L${x2} ${y2}`;
}

/** A message in words: `vote from s2 to s1 {granted: true}, sent in step 3, received in step 5`. */
export function messageText({ type, from, to, fields, sent, ended, end, isCopy }: Message): string {
  const content = Object.keys(fields).length === 0 ? '' : ` ${show(fields)}`;
  const text = content.length > 400 ? `${content.slice(0, 399)}…` : content;
  const life = [
    sent === undefined ? 'on its way from the beginning' : `${isCopy === true ? 'duplicated' : 'sent'} in step ${sent}`,
    ended === undefined ? 'still on its way' : `${end === 'lost' ? 'lost' : 'received'} in step ${ended}`,
  ];
  return `${type} from ${from} to ${to}${text}, ${life.join(', ')}`;
}

/** What a step does on the line of its node. */
function Mark({ behaviour, lanes, rows, laneWidth, selected, step: index }: DiagramProps & { readonly step: number }) {
  const { lane, fault, state } = behaviour.steps[index]!;
  if (lane === undefined || !lanes.includes(lane)) return null;
  const [x, y] = [xOf(lanes.indexOf(lane), laneWidth), rows.yOf(index)];
  const isDown = fault !== undefined && conditionOf(state, lane) === 'down';
  const classes = `mark${fault === undefined ? '' : ' fault'}${index === selected ? ' selected' : ''}`;
  if (isDown) return <path class={`${classes} crash`} d={`M${x - 6} ${y - 6} l12 12 m0 -12 l-12 12`} />;
  return <circle class={classes} cx={x} cy={y} r={index === selected ? 6 : 4.5} />;
}
