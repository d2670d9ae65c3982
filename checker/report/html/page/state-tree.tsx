/** A state as a tree, with what the last step changed marked and open. */
import { useState } from 'preact/hooks';

import { kindOf, show, type RecordValue, type Value } from '../../../value/index.ts';
import { fateOf, hasParts, partsOf, type Part } from '../parts.ts';
import { Deleted, Inserted } from './change-list.tsx';
import { Text } from './text.tsx';

interface StateTreeProps {
  readonly state: RecordValue;
  readonly before: RecordValue;
  /** Nodes whose parts are left out. */
  readonly hidden: ReadonlySet<string>;
  readonly query: string;
}

/** Values no longer than this stand on one line. */
const shortest = 48;

/** More parts of one value than this are shown only when the reader asks. */
const mostParts = 100;

export function StateTree({ state, before, hidden, query }: StateTreeProps) {
  return (
    <ul class="state-tree">
      {partsOf(state, before).map((part) => (
        <Branch key={part.key} part={part} depth={0} hidden={hidden} query={query} />
      ))}
    </ul>
  );
}

interface BranchProps {
  readonly part: Part;
  readonly depth: number;
  readonly hidden: ReadonlySet<string>;
  readonly query: string;
}

function Branch({ part, depth, hidden, query }: BranchProps) {
  const [choice, setChoice] = useState<boolean>();
  if (hidden.has(part.label)) return null;
  const fate = fateOf(part);
  const value = part.value ?? part.before!;
  const isLine =
    !hasParts(value) || (show(value).length <= shortest && (part.before === undefined || hasShortText(part.before)));
  if (isLine) {
    return (
      <li class={fate}>
        <Label part={part} query={query} />
        <Line part={part} query={query} />
      </li>
    );
  }
  const isOpen = choice ?? (fate === 'changed' || depth === 0);
  return (
    <li class={fate}>
      <details
        open={isOpen}
        onToggle={({ currentTarget }) => setChoice(currentTarget.open === isOpen ? choice : currentTarget.open)}
      >
        <summary>
          <Label part={part} query={query} />
          <span class="dim">{summaryOf(value)}</span>
        </summary>
        {isOpen && <Parts {...{ part, depth, hidden, query }} />}
      </details>
    </li>
  );
}

function Parts({ part: { value, before }, depth, hidden, query }: BranchProps) {
  const [isWhole, setWhole] = useState(false);
  const parts = partsOf(value ?? before!, value === undefined ? undefined : before);
  const shown = isWhole ? parts : parts.slice(0, mostParts);
  return (
    <ul>
      {shown.map((child) => (
        <Branch key={child.key} part={child} depth={depth + 1} hidden={hidden} query={query} />
      ))}
      {shown.length < parts.length && (
        <li>
          <button type="button" class="plain" onClick={() => setWhole(true)}>
            {parts.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Label({ part: { label, count }, query }: { readonly part: Part; readonly query: string }) {
  return (
    <>
      {label !== '' && (
        <>
          <span class="label">
            <Text query={query}>{label}</Text>
          </span>{' '}
        </>
      )}
      {count !== undefined && <Count count={count} />}
    </>
  );
}

function Count({ count: [now, before] }: { readonly count: readonly [number, number] }) {
  const isChanged = now !== before && now > 0 && before > 0;
  if (!isChanged && Math.max(now, before) === 1) return null;
  return <span class="dim">{isChanged ? `×${before} → ×${now} ` : `×${now || before} `}</span>;
}

function Line({ part, query }: { readonly part: Part; readonly query: string }) {
  const { value, before } = part;
  const fate = fateOf(part);
  if (fate === 'removed') return <Deleted text={show(before!)} query={query} />;
  if (fate === 'added') return <Inserted text={show(value!)} query={query} />;
  const [was, is] = [show(before!), show(value!)];
  if (was === is) return <Text query={query}>{is}</Text>;
  return (
    <>
      <Deleted text={was} query={query} /> → <Inserted text={is} query={query} />
    </>
  );
}

function hasShortText(value: Value): boolean {
  return show(value).length <= shortest;
}

/** What a value is that is closed: its kind, and how many parts it has. */
function summaryOf(value: Value): string {
  const kind = kindOf(value);
  const count = partsOf(value, undefined).length;
  const names = { record: 'field', map: 'entry', array: 'item' } as const;
  const name = kind in names ? names[kind as keyof typeof names] : 'element';
  const plural = name === 'entry' ? 'entries' : `${name}s`;
  return `${kind === 'record' || kind === 'array' ? '' : `${kind} of `}${count} ${count === 1 ? name : plural}`;
}
