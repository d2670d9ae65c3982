/**
 * The steps, one a row, beside a space–time diagram of them. Only the rows that are in sight are in the page, so that
 * behaviours of thousands of steps scroll as smoothly as those of ten.
 */
import type { RefObject } from 'preact';
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
  const sight = useSight(scroller);
  const rows = useMemo(() => new Rows(shown), [shown]);
  const lanes = useMemo(() => behaviour.lanes.filter((lane) => !hidden.has(lane)), [behaviour, hidden]);

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
          {lanes.length > 0 && <LaneNames lanes={lanes} width={laneWidth} />}
          <div class="rows" style={{ height: `${height}px` }}>
            {shown.slice(first, end).map((index) => (
              <Row key={index} {...props} step={steps[index]!} top={rows.topOf(index)} onSelect={onSelect} />
            ))}
            {loopsTo !== undefined && (
              <LoopEnd behaviour={behaviour} rows={rows} loopsTo={loopsTo} onSelect={onSelect} />
            )}
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
        {event !== undefined && <span class="event"> {event.replace(/^.*[\\/]/, '')}</span>}
      </span>
    </div>
  );
}

interface LoopEndProps extends Pick<TimelineProps, 'behaviour' | 'onSelect'> {
  readonly rows: Rows;
  readonly loopsTo: number;
}

/** The end of a lasso, in a row of its own, and its way back: up to where the loop begins. */
function LoopEnd({ behaviour: { steps }, rows, loopsTo, onSelect }: LoopEndProps) {
  const stays = loopsTo === steps.length - 1;
  const end = rows.count * rowHeight + rowHeight / 2;
  const start = rows.yOf(loopsTo);
  return (
    <>
      <div
        class="row loop-end"
        role="option"
        aria-selected={false}
        style={{ top: `${rows.count * rowHeight}px` }}
        onClick={() => onSelect(loopsTo)}
      >
        ↺ {stays ? 'and stays there for ever' : `which is state ${loopsTo} again, and so on for ever`}
      </div>
      <svg class="loop" width="14" height={end} aria-hidden="true">
        <path d={`M13 ${end} H8 Q3 ${end} 3 ${end - 6} V${start + 6} Q3 ${start} 8 ${start} H10`} />
        <path class="head" d={`M14 ${start} l-6 -4 v8 z`} />
      </svg>
    </>
  );
}

function LaneNames({ lanes, width }: { readonly lanes: readonly string[]; readonly width: number }) {
  return (
    <div class="lane-names" aria-hidden="true">
      {lanes.map((lane) => (
        <span key={lane} style={{ width: `${width}px` }} title={lane}>
          {lane}
        </span>
      ))}
    </div>
  );
}

/** What of an element is in sight, kept up as it is scrolled and resized. */
function useSight(scroller: RefObject<HTMLElement | null>): { top: number; height: number; width: number } {
  const [sight, setSight] = useState({ top: 0, height: 600, width: 600 });
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
  return sight;
}

/** Scrolls as little as it takes to have a row in sight, with a row on either side. */
function scrollIntoSight(element: HTMLElement, y: number): void {
  const { scrollTop, clientHeight } = element;
  const room = 2 * rowHeight;
  if (y - room < scrollTop) element.scrollTop = y - room;
  else if (y + 2 * room > scrollTop + clientHeight) element.scrollTop = y + 2 * room - clientHeight;
}
