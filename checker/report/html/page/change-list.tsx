/** What differs between two states, one change a line. */
import { diff, show, showPath, type Change, type RecordValue } from '../../../value/index.ts';
import { Text } from './text.tsx';

interface ChangeListProps {
  readonly before: RecordValue;
  readonly after: RecordValue;
  readonly query?: string;
}

/** More changes than this are not listed: the tree shows them. */
const most = 200;

export function ChangeList({ before, after, query = '' }: ChangeListProps) {
  const changes = diff(before, after);
  if (changes.length === 0) return <p class="dim">Nothing.</p>;
  return (
    <table class="changes">
      <tbody>
        {changes.slice(0, most).map((change, i) => (
          <tr key={i}>
            <th scope="row">
              <Text query={query}>{showPath(change.path)}</Text>
            </th>
            <td>
              <Difference change={change} query={query} />
            </td>
          </tr>
        ))}
        {changes.length > most && (
          <tr>
            <td colSpan={2}>and {changes.length - most} more, which the state shows</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Difference({ change, query }: { readonly change: Change; readonly query: string }) {
  if (change.kind !== 'changed') {
    const text = `${show(change.element)}${change.count === 1 ? '' : ` ×${change.count}`}`;
    if (change.kind === 'added') return <Inserted text={text} query={query} />;
    return <Deleted text={text} query={query} />;
  }
  const { before, after } = change;
  return (
    <>
      {before !== undefined && <Deleted text={show(before)} query={query} />}
      {before !== undefined && after !== undefined && ' → '}
      {after !== undefined && <Inserted text={show(after)} query={query} />}
    </>
  );
}

interface Side {
  readonly text: string;
  readonly query: string;
}

/** What is there now and was not before. */
export function Inserted({ text, query }: Side) {
  return (
    <ins>
      <Text query={query}>{text}</Text>
    </ins>
  );
}

/** What was there before and is not now. */
export function Deleted({ text, query }: Side) {
  return (
    <del>
      <Text query={query}>{text}</Text>
    </del>
  );
}
