/** On paper there is nothing to press: every step, with what it changes. It is in the page only while that is printed. */
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { show, type RecordValue } from '../../../value/index.ts';
import type { Behaviour, Report } from '../../report.ts';
import { ChangeList } from './change-list.tsx';
import { Failure } from './failure.tsx';
import { Text } from './text.tsx';

interface PrintedStepsProps {
  readonly behaviour: Behaviour;
  /** What is said of its end. */
  readonly report: Pick<Report, 'failure' | 'explanation'>;
}

export function PrintedSteps({ behaviour, report }: PrintedStepsProps) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const media = matchMedia('print');
    // Rendered by itself, since that is done at once: the browser does not wait.
    const fill = (): void => render(<Steps behaviour={behaviour} report={report} />, place.current!);
    const empty = (): void => render(null, place.current!);
    const look = (): void => (media.matches ? fill() : empty());
    look();
    media.addEventListener('change', look);
    addEventListener('beforeprint', fill);
    addEventListener('afterprint', look);
    return () => {
      media.removeEventListener('change', look);
      removeEventListener('beforeprint', fill);
      removeEventListener('afterprint', look);
    };
  }, [behaviour, report]);
  return <section ref={place} class="printed" />;
}

function Steps({ behaviour, report: { failure, explanation } }: PrintedStepsProps) {
  const { steps, loopsTo } = behaviour;
  return (
    <>
      <h2>Steps</h2>
      {steps.map(({ index, name, state }) => (
        <div key={index} class="step">
          <strong>
            {index} {name}
          </strong>
          {index === 0 ? <Variables state={state} /> : <ChangeList before={steps[index - 1]!.state} after={state} />}
        </div>
      ))}
      {loopsTo !== undefined && (
        <p>
          {loopsTo === steps.length - 1
            ? 'It stays there for ever.'
            : `This is state ${loopsTo} again, and so on for ever.`}
        </p>
      )}
      {failure !== undefined && <Failure failure={failure} explanation={explanation} behaviour={behaviour} />}
    </>
  );
}

function Variables({ state }: { readonly state: RecordValue }) {
  return (
    <table class="changes">
      <tbody>
        {Object.entries(state).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Text>{show(value)}</Text>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
