/** The page as a whole: what is shown of the report, and what the reader does with it. */
import { useMemo, useRef, useState } from 'preact/hooks';

import type { Spec } from '../../../spec/index.ts';
import type { WhatIf } from '../page-data.ts';
import { behaviourOf, type Behaviour, type Report } from '../../report.ts';
import { comeBack, select, take, traceOf, undo, type Session } from '../session.ts';
import { found, searchText } from '../step-search.ts';
import { Banner } from './banner.tsx';
import { Help } from './help.tsx';
import { Header } from './header.tsx';
import { Inspector, type Tab } from './inspector.tsx';
import { useKeys } from './keys.ts';
import { Player } from './player.tsx';
import { PrintedSteps } from './printed-steps.tsx';
import { RunFacts } from './run-facts.tsx';
import { useSession } from './session-state.ts';
import { useSpec } from './spec-state.ts';
import { useTheme } from './theme.ts';
import { Timeline } from './timeline.tsx';
import { Tools, type View } from './tools.tsx';

interface AppProps {
  readonly report: Report;
  readonly whatIf: WhatIf;
  readonly loadSpec: (() => Promise<{ readonly default: Spec }>) | undefined;
}

export function App({ report, whatIf, loadSpec }: AppProps) {
  const spec = useSpec(whatIf, loadSpec);
  const [session, change] = useSession(report, spec);
  const [view, setView] = useState<View>({ query: '', onlyFound: false, hidden: new Set() });
  const [tab, setTab] = useState<Tab>(report.behaviour === undefined ? 'what-if' : 'state');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [theme, nextTheme] = useTheme();
  const search = useRef<HTMLInputElement>(null);

  const behaviour = useBehaviour(report, session);
  const isSearching = view.query !== '';
  // Searching a long behaviour takes a moment, which nobody should wait for who does not search.
  const texts = useMemo(
    () => (isSearching ? behaviour.steps.map((step, i) => searchText(step, behaviour.steps[i - 1])) : []),
    [behaviour, isSearching],
  );
  const hits = useMemo(() => found(texts, view.query), [texts, view.query]);
  const shown = useMemo(() => shownSteps(behaviour, view, hits), [behaviour, view, hits]);

  const goTo = (state: number): void => change((now) => select(now, state));
  const move = (by: number): void => change((now) => moved(now, by, shown, behaviour.loopsTo));
  const findNext = (direction: 1 | -1): void => {
    const next = nextHit(hits, session?.selected ?? 0, direction);
    if (next !== undefined) goTo(next);
  };
  useKeys({
    ArrowRight: () => move(1),
    ArrowDown: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowUp: () => move(-1),
    PageDown: () => move(10),
    PageUp: () => move(-10),
    Home: () => goTo(0),
    End: () => goTo(Infinity),
    '/': () => search.current?.focus(),
    n: () => findNext(1),
    N: () => findNext(-1),
    t: nextTheme,
    w: () => setTab((now) => (now === 'state' ? 'what-if' : 'state')),
    u: () => change(undo),
    b: () => change(comeBack),
    '?': () => setHelpOpen(true),
  });

  const facts = <RunFacts report={report} />;
  return (
    <>
      <Header report={report} theme={theme} onTheme={nextTheme} onHelp={() => setHelpOpen(true)} />
      <main>
        {report.behaviour === undefined && facts}
        {report.behaviour === undefined && session !== undefined && (
          <h2 class="lead">Look around: take steps of your own from an initial state</h2>
        )}
        {session !== undefined && (
          <>
            <Player behaviour={behaviour} selected={session.selected} onSelect={goTo} onMove={move} />
            <Tools lanes={behaviour.lanes} view={view} hits={hits} search={search} onView={setView} onFind={findNext} />
            <Banner
              report={report}
              session={session}
              spec={spec}
              onUndo={() => change(undo)}
              onBack={() => change(comeBack)}
            />
            <div class="panes">
              <Timeline
                behaviour={behaviour}
                shown={shown}
                hidden={view.hidden}
                hits={hits}
                selected={session.selected}
                ownFrom={session.excursion?.leftAt}
                failsAt={session.excursion === undefined && report.failure ? behaviour.steps.length - 1 : undefined}
                onSelect={goTo}
              />
              <Inspector
                report={report}
                session={session}
                behaviour={behaviour}
                hidden={view.hidden}
                query={view.query}
                spec={spec}
                tab={tab}
                onTab={setTab}
                onTake={(choice) => change((now) => take(now, choice))}
              />
            </div>
          </>
        )}
        {session === undefined && 'absent' in spec && report.kind === 'check' && (
          <p class="note">Steps of your own cannot be taken here: {spec.absent}.</p>
        )}
        {report.behaviour !== undefined && facts}
        {session !== undefined && (
          <PrintedSteps behaviour={behaviour} report={session.excursion === undefined ? report : {}} />
        )}
      </main>
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </>
  );
}

/** The behaviour that the reader sees, with who did what in it. */
function useBehaviour(report: Report, session: Session | undefined): Behaviour {
  const { behaviour: original, constants, coverage } = report;
  const { behaviour, excursion } = session ?? {};
  return useMemo(() => {
    if (original !== undefined && excursion === undefined) return original;
    if (session === undefined) return { lanes: [], messages: [], steps: [] };
    return behaviourOf(traceOf(session), { constants, faults: Object.keys(coverage?.faults ?? {}) });
  }, [original, behaviour, excursion]);
}

/** The numbers of the steps that are listed. */
function shownSteps({ steps, messages }: Behaviour, view: View, hits: ReadonlySet<number> | undefined): number[] {
  const { hidden, onlyFound } = view;
  return steps.flatMap(({ index, lane, sent, received, lost }) => {
    if (onlyFound && hits !== undefined && !hits.has(index)) return [];
    if (hidden.size === 0 || index === 0 || lane === undefined || !hidden.has(lane)) return [index];
    const concernsOthers = [...sent, ...received, ...lost].some((message) => {
      const { from, to } = messages[message]!;
      return !hidden.has(from) || !hidden.has(to);
    });
    return concernsOthers ? [index] : [];
  });
}

/** Moves along the steps that are listed; from the end of a lasso on to where its loop begins. */
function moved(session: Session, by: number, shown: readonly number[], loopsTo: number | undefined): Session {
  const { selected } = session;
  const last = shown.at(-1);
  if (by === 1 && loopsTo !== undefined && selected === last) return select(session, loopsTo);
  const position = shown.findIndex((step) => step >= selected);
  const from = position === -1 ? shown.length : position;
  const isListed = shown[from] === selected;
  const target = from + by + (by > 0 && !isListed ? -1 : 0);
  return select(session, shown[Math.max(0, Math.min(shown.length - 1, target))] ?? selected);
}

function nextHit(hits: ReadonlySet<number> | undefined, from: number, direction: 1 | -1): number | undefined {
  const inOrder = [...(hits ?? [])].sort((a, b) => direction * (a - b));
  return inOrder.find((hit) => direction * (hit - from) > 0) ?? inOrder[0];
}
