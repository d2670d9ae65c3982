/** Where the reader goes through a behaviour: the slider, the search, the steps, the state. */
import type { RefObject } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';

import { behaviourOf, type Behaviour, type Report } from '../../report.ts';
import { moved, nextHit, shownSteps, type View } from '../browsing.ts';
import { comeBack, select, take, traceOf, undo, type Session } from '../session.ts';
import { found, searchText } from '../step-search.ts';
import { Banner } from './banner.tsx';
import { Inspector, type Tab } from './inspector.tsx';
import { useKeys } from './keys.ts';
import { Player } from './player.tsx';
import { PrintedSteps } from './printed-steps.tsx';
import type { Change } from './session-state.ts';
import type { SpecState } from './spec-state.ts';
import { Timeline } from './timeline.tsx';
import { Tools } from './tools.tsx';

interface WorkbenchProps {
  readonly report: Report;
  readonly spec: SpecState;
  readonly session: Session;
  readonly change: Change;
}

export function Workbench({ report, spec, session, change }: WorkbenchProps) {
  const [view, setView] = useState<View>({ query: '', onlyFound: false, hidden: new Set() });
  const [tab, setTab] = useState<Tab>(report.behaviour === undefined ? 'what-if' : 'state');
  const search = useRef<HTMLInputElement>(null);
  const behaviour = useBehaviour(report, session);
  const hits = useHits(behaviour, view.query);
  const shown = useMemo(() => shownSteps(behaviour, view, hits), [behaviour, view, hits]);
  const { selected, excursion } = session;
  const go = movesOf({ change, behaviour, shown, hits, selected });
  useMoves(go, search);
  useKeys({
    w: () => setTab((now) => (now === 'state' ? 'what-if' : 'state')),
    u: () => change(undo),
    b: () => change(comeBack),
  });
  const isOriginal = excursion === undefined;
  const shared = { report, session, behaviour, spec, hidden: view.hidden };
  return (
    <>
      <Player behaviour={behaviour} selected={selected} onSelect={go.to} onMove={go.by} />
      <Tools lanes={behaviour.lanes} view={view} hits={hits} search={search} onView={setView} onFind={go.find} />
      <Banner {...shared} onUndo={() => change(undo)} onBack={() => change(comeBack)} />
      <div class="panes">
        <Timeline
          behaviour={behaviour}
          shown={shown}
          hidden={view.hidden}
          hits={hits}
          selected={selected}
          ownFrom={excursion?.leftAt}
          failsAt={isOriginal && report.failure !== undefined ? behaviour.steps.length - 1 : undefined}
          onSelect={go.to}
        />
        <Inspector
          {...shared}
          query={view.query}
          tab={tab}
          onTab={setTab}
          onTake={(choice) => change((now) => take(now, choice))}
        />
      </div>
      <PrintedSteps behaviour={behaviour} report={isOriginal ? report : {}} />
    </>
  );
}

/** The ways to go through a behaviour. */
interface Moves {
  readonly to: (state: number) => void;
  /** So many of the steps that are listed on, or back. */
  readonly by: (steps: number) => void;
  /** To the next step that is found, or the one before. */
  readonly find: (direction: 1 | -1) => void;
}

interface Place extends Pick<WorkbenchProps, 'change'>, Pick<Session, 'selected'> {
  readonly behaviour: Behaviour;
  readonly shown: readonly number[];
  readonly hits: ReadonlySet<number> | undefined;
}

function movesOf({ change, behaviour, shown, hits, selected }: Place): Moves {
  const to = (state: number): void => change((now) => select(now, state));
  return {
    to,
    by: (steps) => change((now) => moved(now, steps, shown, behaviour.loopsTo)),
    find: (direction) => to(nextHit(hits, selected, direction) ?? selected),
  };
}

function useMoves({ to, by, find }: Moves, search: RefObject<HTMLInputElement | null>): void {
  useKeys({
    ArrowRight: () => by(1),
    ArrowDown: () => by(1),
    ArrowLeft: () => by(-1),
    ArrowUp: () => by(-1),
    PageDown: () => by(10),
    PageUp: () => by(-10),
    Home: () => to(0),
    End: () => to(Infinity),
    '/': () => search.current?.focus(),
    n: () => find(1),
    N: () => find(-1),
  });
}

/** The steps that a query finds. Searching a long behaviour takes a moment: nobody waits for it who does not search. */
function useHits(behaviour: Behaviour, query: string): ReadonlySet<number> | undefined {
  const isSearching = query !== '';
  const texts = useMemo(
    () => (isSearching ? behaviour.steps.map((step, i) => searchText(step, behaviour.steps[i - 1])) : []),
    [behaviour, isSearching],
  );
  return useMemo(() => found(texts, query), [texts, query]);
}

/** The behaviour that the reader sees, with who did what in it. */
function useBehaviour({ behaviour: original, constants, coverage }: Report, session: Session): Behaviour {
  const { behaviour, excursion } = session;
  return useMemo(() => {
    if (original !== undefined && excursion === undefined) return original;
    return behaviourOf(traceOf(session), { constants, faults: Object.keys(coverage?.faults ?? {}) });
  }, [original, behaviour, excursion]);
}
