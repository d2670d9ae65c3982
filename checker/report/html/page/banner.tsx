/** Says that the reader has left the behaviour of the report, and how to come back. */
import type { Report } from '../../report.ts';
import type { Session } from '../session.ts';

interface BannerProps {
  readonly report: Report;
  readonly session: Session;
  readonly onUndo: () => void;
  readonly onBack: () => void;
}

export function Banner({ report, session: { excursion }, onUndo, onBack }: BannerProps) {
  if (excursion === undefined) return null;
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
