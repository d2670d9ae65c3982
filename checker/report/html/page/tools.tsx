/** What is looked for, and which nodes are shown. */
import type { RefObject } from 'preact';

import type { View } from '../browsing.ts';

interface ToolsProps {
  readonly lanes: readonly string[];
  readonly view: View;
  readonly hits: ReadonlySet<number> | undefined;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onView: (view: View) => void;
  readonly onFind: (direction: 1 | -1) => void;
}

export function Tools({ lanes, view, hits, search, onView, onFind }: ToolsProps) {
  const { query, onlyFound, hidden } = view;
  return (
    <section class="tools" aria-label="Search and filter">
      <div class="search">
        <input
          ref={search}
          type="search"
          placeholder="Search steps and changes ( / )"
          aria-label="Search steps and changes"
          value={query}
          onInput={({ currentTarget }) => onView({ ...view, query: currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onFind(event.shiftKey ? -1 : 1);
          }}
        />
        <span class="count" role="status">
          {hits !== undefined && `${hits.size} found`}
        </span>
        <label>
          <input
            type="checkbox"
            checked={onlyFound}
            onChange={({ currentTarget }) => onView({ ...view, onlyFound: currentTarget.checked })}
          />{' '}
          only these steps
        </label>
      </div>
      {lanes.length > 1 && (
        <div class="lanes" role="group" aria-label="Nodes that are shown">
          {lanes.map((lane) => (
            <button
              key={lane}
              type="button"
              aria-pressed={!hidden.has(lane)}
              onClick={() => onView({ ...view, hidden: toggled(hidden, lane) })}
            >
              {lane}
            </button>
          ))}
          {hidden.size > 0 && (
            <button type="button" class="plain" onClick={() => onView({ ...view, hidden: new Set() })}>
              show all
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function toggled(hidden: ReadonlySet<string>, lane: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(lane)) next.add(lane);
  return next;
}
