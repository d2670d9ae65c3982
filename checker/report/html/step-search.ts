/** Finding steps by a text: in their names, and in what they change. */
import { diff, show, showPath } from '../../value/index.ts';
import type { ReportStep } from '../report.ts';

/**
 * What a step is found by: its name, its lane, the event that it explains, and each place that it changes, with what
 * was and what is there.
 *
 * Cost: O(size of the state).
 */
export function searchText(step: ReportStep, before: ReportStep | undefined): string {
  const changes = before === undefined ? [] : diff(before.state, step.state);
  return [
    step.name,
    step.lane ?? '',
    step.event ?? '',
    ...(before === undefined ? [show(step.state)] : []),
    ...changes.map((change) =>
      [
        showPath(change.path),
        ...(change.kind === 'changed'
          ? [change.before, change.after].map((value) => (value === undefined ? '' : show(value)))
          : [show(change.element)]),
      ].join(' '),
    ),
  ]
    .join('\n')
    .toLowerCase();
}

/**
 * The numbers of the steps that a query finds: those whose text has each of its words.
 *
 * @param texts - of each step its {@link searchText}
 * @returns `undefined` for a query without words, which asks for nothing
 */
export function found(texts: readonly string[], query: string): ReadonlySet<number> | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const hits = texts.flatMap((text, i) => (words.every((word) => text.includes(word)) ? [i] : []));
  return new Set(hits);
}
