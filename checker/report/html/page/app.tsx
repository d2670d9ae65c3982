/** The page as a whole: the verdict, the behaviour to go through, and the figures. */
import { useState } from 'preact/hooks';

import type { Spec } from '../../../spec/index.ts';
import type { Report } from '../../report.ts';
import type { WhatIf } from '../page-data.ts';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { useKeys } from './keys.ts';
import { RunFacts } from './run-facts.tsx';
import { useSession } from './session-state.ts';
import { useSpec } from './spec-state.ts';
import { useTheme } from './theme.ts';
import { Workbench } from './workbench.tsx';

interface AppProps {
  readonly report: Report;
  readonly whatIf: WhatIf;
  readonly loadSpec: (() => Promise<{ readonly default: Spec }>) | undefined;
}

export function App({ report, whatIf, loadSpec }: AppProps) {
  const spec = useSpec(whatIf, loadSpec);
  const [session, change] = useSession(report, spec);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [theme, nextTheme] = useTheme();
  useKeys({ t: nextTheme, '?': () => setHelpOpen(true) });

  const facts = <RunFacts report={report} />;
  const workbench = session !== undefined && (
    <Workbench report={report} spec={spec} session={session} change={change} />
  );
  return (
    <>
      <Header report={report} theme={theme} onTheme={nextTheme} onHelp={() => setHelpOpen(true)} />
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
