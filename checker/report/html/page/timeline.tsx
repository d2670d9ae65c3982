/**
 * The steps, one a row, beside a space–time diagram of them. Only the rows that are in sight are in the page, so that
 * behaviours of thousands of steps scroll as smoothly as those of ten.
 */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import type { Behaviour, ReportStep } from '../../report.ts';
import { Diagram } from './diagram.tsx';
import { StepName } from './step-name.tsx';
import { laneWidthFor, Rows, rowHeight } from './rows.ts';

interface TimelineProps {
  readonly behaviour: Behaviour;
  /** The numbers of the steps that are listed. */
  readonly shown: readonly number[];
  readonly hidden: ReadonlySet<string>;
  readonly hits: ReadonlySet<number> | undefined;
  readonly selected: number;
  /** The state from which the reader left the behaviour of the report. */
  readonly ownFrom: number | undefined;
  /** The state in which the property fails. */
  readonly failsAt: number | undefined;
  readonly onSelect: (state: number) => void;
}

/** Rows that are rendered beyond each edge of what is in sight. */
const margin = 8;

export function Timeline(props: TimelineProps) {
  const { behaviour, shown, hidden, selected, onSelect } = props;
  const { steps, loopsTo } = behaviour;
  const scroller = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 600, width: 600 });
  const rows = useMemo(() => new Rows(shown), [shown]);
  const lanes = useMemo(() => behaviour.lanes.filter((lane) => !hidden.has(lane)), [behaviour, hidden]);

  useLayoutEffect(() => {
    const element = scroller.current!;
    const look = (): void =>
      setSight({ top: element.scrollTop, height: element.clientHeight, width: element.clientWidth });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  useLayoutEffect(() => scrollIntoSight(scroller.current!, rows.yOf(selected)), [selected, rows]);

  const laneWidth = laneWidthFor(lanes.length, sight.width);
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - margin);
  const end = Math.min(shown.length, Math.ceil((sight.top + sight.height) / rowHeight) + margin);
  const height = shown.length * rowHeight + (loopsTo === undefined ? 0 : rowHeight);
  return (
    <section class="timeline" aria-label="Behaviour">
      <div
        ref={scroller}
        class="scroller"
        role="listbox"
        tabIndex={0}
        aria-label="Steps"
        aria-activedescendant={`step-${selected}`}
        style={{ '--lanes': `${lanes.length * laneWidth}px` }}
      >
        <div class="content">
          {lanes.length > 0 && (
            <div class="lane-names" aria-hidden="true">
              {lanes.map((lane) => (
                <span key={lane} style={{ width: `${laneWidth}px` }} title={lane}>
                  {lane}
                </span>
              ))}
            </div>
          )}
          <div class="rows" style={{ height: `${height}px` }}>
            {shown.slice(first, end).map((index) => (
              <Row key={index} {...props} step={steps[index]!} top={rows.topOf(index)} onSelect={onSelect} />
            ))}
            {loopsTo !== undefined && (
              <div
                class="row loop-end"
                role="option"
                aria-selected={false}
                style={{ top: `${shown.length * rowHeight}px` }}
                onClick={() => onSelect(loopsTo)}
              >
                ↺{' '}
                {loopsTo === steps.length - 1
                  ? 'and stays there for ever'
                  : `which is state ${loopsTo} again, and so on for ever`}
              </div>
            )}
            {loopsTo !== undefined && <Loop from={rows.yOf(steps.length - 1)} to={rows.yOf(loopsTo)} />}
            {lanes.length > 0 && (
              <Diagram
                behaviour={behaviour}
                lanes={lanes}
                rows={rows}
                window={{ first, end }}
                laneWidth={laneWidth}
                selected={selected}
                onSelect={onSelect}
              />
            )}
          </div>
        </div>
      </div>
    </section>
  );
}

interface RowProps extends TimelineProps {
  readonly step: ReportStep;
  readonly top: number;
}

function Row({ step, top, hits, selected, ownFrom, failsAt, onSelect }: RowProps) {
  const { index, name, fault, event } = step;
  const classes = [
    'row',
    ...(fault === undefined ? [] : ['fault']),
    ...(hits?.has(index) === true ? ['hit'] : hits === undefined ? [] : ['miss']),
    ...(ownFrom !== undefined && index > ownFrom ? ['own'] : []),
    ...(index === failsAt ? ['fails'] : []),
  ];
  return (
    <div
      id={`step-${index}`}
      class={classes.join(' ')}
      role="option"
      aria-selected={index === selected}
      style={{ top: `${top}px` }}
      onClick={() => onSelect(index)}
    >
      <span class="number">{index}</span>
      <span class="text" title={event === undefined ? name : `${name} (${event})`}>
        <StepName step={step} />
        {event !== undefined && <span class="event"> {event}</span>}
      </span>
    </div>
  );
}

/** The way back of a lasso: from the last state up to where its loop begins. */
function Loop({ from, to }: { readonly from: number; readonly to: number }) {
  const end = from + rowHeight;
  return (
    <svg class="loop" width="14" height={end} aria-hidden="true">
      <path d={`M13 ${end} H8 Q3 ${end} 3 ${end - 6} V${to + 6} Q3 ${to} 8 ${to} H10`} />
      <path class="head" d={`M14 ${to} l-6 -4 v8 z`} />
    </svg>
  );
}

/** Scrolls as little as it takes to have a row in sight, with a row on either side. */
function scrollIntoSight(element: HTMLElement, y: number): void {
  const { scrollTop, clientHeight } = element;
  const room = 2 * rowHeight;
  if (y - room < scrollTop) element.scrollTop = y - room;
  else if (y + 2 * room > scrollTop + clientHeight) element.scrollTop = y + 2 * room - clientHeight;
}
