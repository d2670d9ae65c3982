/** Text that may be long, and in which what the reader looks for is marked. */
import { useState } from 'preact/hooks';

/** Longer texts are cut off until the reader asks for the rest. */
const longest = 1000;

/** A value as text. */
export function Text({ children: text, query = '' }: { readonly children: string; readonly query?: string }) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= longest || isWhole) return <code>{marked(text, query)}</code>;
  return (
    <>
      <code>{marked(text.slice(0, longest), query)}…</code>{' '}
      <button type="button" class="plain" onClick={() => setWhole(true)}>
        all {text.length.toLocaleString('en-US')} characters
      </button>
    </>
  );
}

/** The text in pieces, with those that are looked for in a `mark`. */
function marked(text: string, query: string) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return text;
  const pieces = text.split(new RegExp(`(${words.map(literally).join('|')})`, 'i'));
  return pieces.map((piece, i) => (i % 2 === 1 ? <mark key={i}>{piece}</mark> : piece));
}

function literally(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
