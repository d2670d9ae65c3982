/** Where the reader is: in which initial state, and whether they have left the behaviour of the report. */
import type { Report } from '../../report.ts';
import type { Session } from '../session.ts';
import { startIn } from './session-state.ts';
import type { SpecState } from './spec-state.ts';

interface BannerProps {
  readonly report: Report;
  readonly session: Session;
  readonly spec: SpecState;
  readonly onUndo: () => void;
  readonly onBack: () => void;
}

export function Banner({ report, session, spec, onUndo, onBack }: BannerProps) {
  const { excursion } = session;
  const canBegin =
    report.behaviour === undefined && 'explorer' in spec && spec.explorer.system.initialStates.length > 1;
  if (excursion === undefined) return canBegin ? <Beginning count={spec.explorer.system.initialStates.length} /> : null;
  const { leftAt, steps } = excursion;
  const what = report.failure === undefined ? 'the behaviour' : 'the counterexample';
  const from = report.behaviour === undefined ? 'an initial state' : `${what} in state ${leftAt}`;
  return (
    <section class="banner" role="status">
      <p>
        What if: you left {from}, and took {steps.length === 1 ? 'one step' : `${steps.length} steps`} of your own.
      </p>
      <button type="button" onClick={onUndo} title="u">
        Undo the last
      </button>
      <button type="button" onClick={onBack} title="b">
        {report.behaviour === undefined ? 'Start again' : `Back to ${what}`}
      </button>
    </section>
  );
}

/** Chooses the initial state, where there is more than one. */
function Beginning({ count }: { readonly count: number }) {
  return (
    <section class="banner">
      <label>
        Begin in initial state{' '}
        <input
          type="number"
          min={0}
          max={count - 1}
          value={startIn()}
          onChange={({ currentTarget }) => (location.hash = `#start=${currentTarget.value}`)}
        />{' '}
        of 0 to {count - 1}
      </label>
    </section>
  );
}
