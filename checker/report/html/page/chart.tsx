/** Charts as SVG: a frame with axes, their units and ticks, and in it lines or bars. */
import type { ComponentChildren } from 'preact';

import type { Axis, Chart, Point } from '../charts.ts';

/** The size of a chart, and where in it the frame is, in the units of its view box. */
const size = { width: 400, height: 212 };
const frame = { left: 50, right: 392, top: 28, bottom: 172 };

/** Places a value between the ends of the frame. */
const across = (value: number, { end }: Axis): number => frame.left + ((frame.right - frame.left) * value) / end;
const up = (value: number, { end }: Axis): number => frame.bottom - ((frame.bottom - frame.top) * value) / end;

/** A short text for a tick: `1.2M`. */
const tickText = (value: number): string =>
  value.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

interface FrameProps {
  readonly title: string;
  readonly summary: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly legend?: ComponentChildren;
  readonly children: ComponentChildren;
}

function Frame({ title, summary, x, y, legend, children }: FrameProps) {
  return (
    <figure class="chart">
      <figcaption>
        {title} {legend}
      </figcaption>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={`${title}: ${summary}.`}>
        <text class="label" x="2" y="14">
          {y.label}
        </text>
        <text class="label" x={frame.right} y={size.height - 4} text-anchor="end">
          {x.label}
        </text>
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={frame.left} x2={frame.right} y1={up(tick, y)} y2={up(tick, y)} />
            <text x={frame.left - 6} y={up(tick, y) + 4} text-anchor="end">
              {tickText(tick)}
            </text>
          </g>
        ))}
        {x.ticks
          .filter((tick) => tick <= x.end)
          .map((tick) => (
            <text key={tick} x={across(tick, x)} y={frame.bottom + 17} text-anchor="middle">
              {tickText(tick)}
            </text>
          ))}
        {children}
      </svg>
      <p class="dim">{summary}.</p>
    </figure>
  );
}

/** A chart of lines; what is under the pointer is said in words. */
export function LineChart({ chart: { title, summary, x, y, lines } }: { readonly chart: Chart }) {
  const legend = lines.length > 1 && lines.map(({ name }) => <Key key={name} name={name} />);
  const [{ points }] = lines as [(typeof lines)[number]];
  return (
    <Frame title={title} summary={summary} x={x} y={y} legend={legend}>
      {lines.map(({ name, points: line }) => (
        <polyline key={name} class={`line ${name}`} points={line.map((point) => place(point, x, y)).join(' ')} />
      ))}
      {points.map(([time], i) => {
        const left = across(points[i - 1]?.[0] ?? 0, x);
        return (
          <rect
            key={i}
            class="spot"
            x={left}
            y={frame.top}
            width={across(time, x) - left}
            height={frame.bottom - frame.top}
          >
            <title>{`${x.label} ${exact(time)}: ${lines.map((line) => `${line.name} ${exact(line.points[i]![1])}`).join(', ')}`}</title>
          </rect>
        );
      })}
    </Frame>
  );
}

function Key({ name }: { readonly name: string }) {
  return (
    <span class="key">
      <svg viewBox="0 0 20 8" width="20" height="8" aria-hidden="true">
        <line class={`line ${name}`} x1="0" x2="20" y1="4" y2="4" />
      </svg>{' '}
      {name}
    </span>
  );
}

function place([a, b]: Point, x: Axis, y: Axis): string {
  return `${across(a, x).toFixed(1)},${up(b, y).toFixed(1)}`;
}

/** A value as it is, but for digits that nobody asks for. */
function exact(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

interface BarChartProps {
  readonly title: string;
  readonly summary: string;
  readonly x: Axis;
  readonly y: Axis;
  /** One for each whole number from 1 on. */
  readonly bars: readonly number[];
}

/** A chart of bars: the middle of each is at its number. */
export function BarChart({ bars, ...rest }: BarChartProps) {
  const { x, y } = rest;
  const width = across(1, x) - across(0, x);
  return (
    <Frame {...rest}>
      {bars.map((count, i) => (
        <rect
          key={i}
          class="bar"
          x={across(i + 0.5, x)}
          y={Math.min(up(count, y), frame.bottom - 1)}
          width={width * (bars.length > 100 ? 1 : 0.86)}
          height={Math.max(1, frame.bottom - up(count, y))}
        >
          <title>{`${x.label} ${i + 1}: ${count.toLocaleString('en-US')} ${y.label}`}</title>
        </rect>
      ))}
    </Frame>
  );
}
