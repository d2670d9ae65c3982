/** On paper there is nothing to press: every step, with what it changes. It is in the page only while that is printed. */
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { Behaviour } from '../../report.ts';
import { ChangeList } from './change-list.tsx';
import { StateTree } from './state-tree.tsx';

interface PrintedStepsProps {
  readonly behaviour: Behaviour;
}

export function PrintedSteps({ behaviour }: PrintedStepsProps) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const media = matchMedia('print');
    // Rendered by itself, since that is done at once: the browser does not wait.
    const fill = (): void => render(<Steps behaviour={behaviour} />, place.current!);
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
  }, [behaviour]);
  return <section ref={place} class="printed" />;
}

const none: ReadonlySet<string> = new Set();

function Steps({ behaviour: { steps, loopsTo } }: PrintedStepsProps) {
  return (
    <>
      <h2>Steps</h2>
      <ol>
        {steps.map(({ index, name, state }) => (
          <li key={index} value={index}>
            <strong>{name}</strong>
            {index === 0 ? (
              <StateTree state={state} before={state} hidden={none} query="" />
            ) : (
              <ChangeList before={steps[index - 1]!.state} after={state} />
            )}
          </li>
        ))}
      </ol>
      {loopsTo !== undefined && <p>And from there back to state {loopsTo}, for ever.</p>}
    </>
  );
}
