/** What could be done in the state that is shown: every step that is enabled, and what it would break. */
import { useState } from 'preact/hooks';

import { equal } from '../../../value/index.ts';
import type { Behaviour } from '../../report.ts';
import type { Answer, Choice, Claim, Explorer } from '../explorer.ts';
import type { Session } from '../session.ts';
import { StepName } from './step-name.tsx';
import type { SpecState } from './spec-state.ts';

interface WhatIfProps {
  readonly spec: SpecState;
  readonly session: Session;
  readonly behaviour: Behaviour;
  readonly onTake: (choice: Choice) => void;
}

/** With more steps than this there is a filter. */
const many = 12;
/** More steps than this are not listed at once. */
const most = 300;

export function WhatIfPanel({ spec, ...rest }: WhatIfProps) {
  if ('explorer' in spec) return <Choices explorer={spec.explorer} {...rest} />;
  if ('loading' in spec) return <p class="dim">The spec is being loaded.</p>;
  return <p class="note">Steps of your own cannot be taken here: {spec.absent}.</p>;
}

interface ChoicesProps extends Omit<WhatIfProps, 'spec'> {
  readonly explorer: Explorer;
}

function Choices({ explorer, session, behaviour, onTake }: ChoicesProps) {
  const [query, setQuery] = useState('');
  const { selected } = session;
  const { state } = behaviour.steps[selected]!;
  const next = behaviour.steps[selected + 1];
  const choices = explorer.choicesIn(state);
  if ('error' in choices) return <WrongCode answer={choices} />;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const listed = choices.found.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  return (
    <>
      <Claims answer={explorer.claimsOn(state, behaviour.steps[selected - 1]?.state)} />
      <h3>{enabledText(choices.found.length)}</h3>
      {choices.found.length > many && (
        <input
          type="search"
          placeholder="Filter these steps"
          aria-label="Filter the enabled steps"
          value={query}
          onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        />
      )}
      <ul class="choices">
        {listed.slice(0, most).map((choice) => (
          <li key={choice.index}>
            <button type="button" class={choice.isFault ? 'fault' : ''} onClick={() => onTake(choice)}>
              <StepName step={choice} />
              <Badges choice={choice} isNext={next !== undefined && isSame(choice, next)} />
            </button>
          </li>
        ))}
      </ul>
      {listed.length > most && <p class="note">{listed.length - most} more are not listed: filter them.</p>}
    </>
  );
}

function enabledText(count: number): string {
  if (count === 0) return 'No step is enabled in this state';
  return count === 1 ? 'One step is enabled' : `${count} steps are enabled`;
}

function isSame(choice: Choice, { action, parameters, state }: Behaviour['steps'][number]): boolean {
  return choice.action === action && equal(choice.parameters, parameters) && equal(choice.state, state);
}

function Badges({ choice, isNext }: { readonly choice: Choice; readonly isNext: boolean }) {
  const { broken, changesNothing, isBeyond, isFault } = choice;
  return (
    <>
      {isNext && <span class="badge next">next here</span>}
      {isFault && <span class="badge">fault</span>}
      {changesNothing && <span class="badge">changes nothing</span>}
      {isBeyond && <span class="badge">beyond a constraint</span>}
      {broken.map((name) => (
        <span key={name} class="badge broken">
          breaks {name}
        </span>
      ))}
    </>
  );
}

function Claims({ answer }: { readonly answer: Answer<readonly Claim[]> }) {
  if ('error' in answer) return <WrongCode answer={answer} />;
  if (answer.found.length === 0) return null;
  return (
    <>
      <h3>Properties in this state</h3>
      <ul class="claims">
        {answer.found.map(({ name, holds }) => (
          <li key={name} class={holds ? 'holds' : 'broken'}>
            <span aria-hidden="true">{holds ? '✓' : '✗'}</span> {name} {holds ? 'holds' : 'is false'}
          </li>
        ))}
      </ul>
    </>
  );
}

/** An error of the spec's own code. */
function WrongCode({ answer: { error } }: { readonly answer: Extract<Answer<unknown>, { readonly error: unknown }> }) {
  return (
    <div class="failure" role="alert">
      <p>The spec's code is wrong in this state: {error.message}</p>
    </div>
  );
}
