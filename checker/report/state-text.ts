/** States, and what a step changes in them, as lines of text. */
import {
  diff,
  isRecord,
  show,
  showPath,
  type Change,
  type Path,
  type RecordValue,
  type Value,
} from '../value/index.ts';
import type { Paint } from './paint.ts';

/** A value wider than this is split: a record into its fields, a change into what was and what is. */
const widest = 88;

/** One line: the place, and what is there. */
type Entry = readonly [place: string, text: string];

/** The variables of a state, one on a line; records that are too wide for that, one field on a line. */
export function stateLines(state: RecordValue): string[] {
  return align(Object.entries(state).flatMap(([name, value]) => fields([name], value)));
}

/** What differs between two states, one change on a line; one line that says so where nothing does. */
export function changeLines(before: RecordValue, after: RecordValue, paint: Paint): string[] {
  const changes = diff(before, after);
  if (changes.length === 0) return [paint.dim('nothing changes')];
  return align(changes.flatMap((change) => describe(change, paint)));
}

function fields(path: Path, value: Value): Entry[] {
  const text = show(value);
  if (text.length <= widest || !isRecord(value)) return [[showPath(path), text]];
  return Object.entries(value).flatMap(([key, field]) => fields([...path, key], field));
}

function describe(change: Change, paint: Paint): Entry[] {
  const place = showPath(change.path);
  if (change.kind !== 'changed') {
    const times = change.count === 1 ? '' : ` ×${change.count}`;
    const text = show(change.element) + times;
    return [[place, change.kind === 'added' ? plus(text, paint) : minus(text, paint)]];
  }
  const { before, after } = change;
  if (before === undefined) return [[place, plus(show(after!), paint)]];
  if (after === undefined) return [[place, minus(show(before), paint)]];
  const [was, is] = [show(before), show(after)];
  if (was.length + is.length <= widest) return [[place, `${paint.dim(`${was} →`)} ${paint.bold(is)}`]];
  return [
    [place, minus(was, paint)],
    [place, plus(is, paint)],
  ];
}

function plus(text: string, paint: Paint): string {
  return paint.green(`+ ${text}`);
}

function minus(text: string, paint: Paint): string {
  return paint.red(`- ${text}`);
}

/** Puts the places in a column, each once where lines that follow have the same. */
function align(entries: readonly Entry[]): string[] {
  const width = Math.max(...entries.map(([place]) => place.length));
  return entries.map(([place, text], i) => `${(place === entries[i - 1]?.[0] ? '' : place).padEnd(width)}  ${text}`);
}
