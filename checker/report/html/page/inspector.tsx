/** One state: what the step before it did, the state as a tree, and what could be done next. */
import { alternativesText } from '../../explanation-text.ts';
import type { Behaviour, Report } from '../../report.ts';
import type { Choice } from '../explorer.ts';
import type { Session } from '../session.ts';
import { ChangeList } from './change-list.tsx';
import { messageText } from './diagram.tsx';
import { Failure } from './failure.tsx';
import type { SpecState } from './spec-state.ts';
import { StepName } from './step-name.tsx';
import { StateTree } from './state-tree.tsx';
import { WhatIfPanel } from './what-if.tsx';

/** What the inspector shows. */
export type Tab = 'state' | 'what-if';

interface InspectorProps {
  readonly report: Report;
  readonly session: Session;
  readonly behaviour: Behaviour;
  readonly hidden: ReadonlySet<string>;
  readonly query: string;
  readonly spec: SpecState;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly onTake: (choice: Choice) => void;
}

const tabs: readonly (readonly [tab: Tab, label: string])[] = [
  ['state', 'State'],
  ['what-if', 'What if'],
];

export function Inspector(props: InspectorProps) {
  const { report, session, behaviour, tab, onTab } = props;
  const step = behaviour.steps[session.selected]!;
  const isLast = session.selected === behaviour.steps.length - 1;
  return (
    <section class="inspector" aria-label="State">
      <h2 aria-live="polite">
        <span class="dim">State {step.index}</span> <StepName step={step} />
      </h2>
      {step.event !== undefined && <p class="dim">explains {step.event}</p>}
      {report.failure !== undefined && session.excursion === undefined && isLast && (
        <Failure failure={report.failure} explanation={report.explanation} behaviour={behaviour} />
      )}
      <div
        class="tabs"
        role="tablist"
        aria-label="What is shown of the state"
        onKeyDown={(event) => turn(event, tab, onTab)}
      >
        {tabs.map(([name, label]) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={tab === name}
            aria-controls={`panel-${name}`}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => onTab(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div id={`panel-${tab}`} class="panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'state' ? <StatePanel {...props} /> : <WhatIfPanel {...props} />}
      </div>
    </section>
  );
}

/** The arrows turn from one tab to the other. */
function turn(event: KeyboardEvent, tab: Tab, onTab: (tab: Tab) => void): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const other = tab === 'state' ? 'what-if' : 'state';
  onTab(other);
  document.getElementById(`tab-${other}`)?.focus();
}

function StatePanel({ report, session, behaviour, hidden, query }: InspectorProps) {
  const { steps, messages } = behaviour;
  const step = steps[session.selected]!;
  const before = steps[session.selected - 1];
  const isOwn = session.excursion !== undefined && session.selected >= session.excursion.leftAt;
  const alternatives = isOwn ? undefined : report.explanation?.alternatives?.[session.selected];
  const post = (
    [
      ['received', step.received],
      ['sent', step.sent],
      ['lost', step.lost],
    ] as const
  ).flatMap(([what, numbers]) => numbers.map((number) => ({ what, number })));
  return (
    <>
      {post.length > 0 && (
        <ul class="post">
          {post.map(({ what, number }) => (
            <li key={`${what} ${number}`} class={what}>
              <span class="what">{what}</span> {messageText(messages[number]!)}
            </li>
          ))}
        </ul>
      )}
      {before !== undefined && (
        <>
          <h3>What the step changed</h3>
          <ChangeList before={before.state} after={step.state} query={query} />
        </>
      )}
      {alternatives !== undefined && <p class="dim">In this state {alternativesText(alternatives)}.</p>}
      <h3>State</h3>
      <StateTree state={step.state} before={before?.state ?? step.state} hidden={hidden} query={query} />
    </>
  );
}
