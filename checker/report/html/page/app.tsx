/** The page as a whole: the verdict, the behaviour to go through, and the figures. */
import { useEffect, useState } from 'preact/hooks';

import type { Spec } from '../../../spec/index.ts';
import type { Report } from '../../report.ts';
import type { WhatIf } from '../page-data.ts';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { useKeys } from './keys.ts';
import { RunFacts } from './run-facts.tsx';
import { counterexampleIn, useSession } from './session-state.ts';
import { useSpec } from './spec-state.ts';
import { useTheme } from './theme.ts';
import { Workbench } from './workbench.tsx';

interface AppProps {
  readonly report: Report;
  readonly whatIf: WhatIf;
  readonly loadSpec: (() => Promise<{ readonly default: Spec }>) | undefined;
}

/** The page of the counterexample that the reader has chosen, where there are several. */
export function App({ report, ...rest }: AppProps) {
  const [chosen, setChosen] = useState(counterexampleIn);
  useEffect(() => {
    const look = (): void => setChosen(counterexampleIn());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  const reports = [report, ...(report.others?.reports ?? [])];
  const shown = reports[chosen] ?? report;
  return <ReportPage key={chosen} all={report} report={shown} {...rest} />;
}

interface ReportPageProps extends AppProps {
  /** The report of all counterexamples, which has the figures. */
  readonly all: Report;
}

function ReportPage({ all, report, whatIf, loadSpec }: ReportPageProps) {
  const spec = useSpec(whatIf, loadSpec);
  const [session, change] = useSession(report, spec);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [theme, nextTheme] = useTheme();
  useKeys({ t: nextTheme, '?': () => setHelpOpen(true) });

  const facts = <RunFacts report={all} />;
  const workbench = session !== undefined && (
    <Workbench report={report} spec={spec} session={session} change={change} />
  );
  return (
    <>
      <Header all={all} report={report} theme={theme} onTheme={nextTheme} onHelp={() => setHelpOpen(true)} />
      {report.behaviour !== undefined ? (
        <main>
          {workbench}
          {facts}
        </main>
      ) : (
        <main>
          {facts}
          {workbench && <h2 class="lead">Look around: take steps of your own from an initial state</h2>}
          {workbench}
          {'absent' in spec && report.kind === 'check' && (
            <p class="note">Steps of your own cannot be taken here: {spec.absent}.</p>
          )}
        </main>
      )}
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </>
  );
}
