/**
 * The condition that stands at a place of a source text: a conjunct of a property, or the statement around it.
 *
 * The text is read as tokens, not parsed: that is enough to find brackets, `&&` and where a statement begins, in
 * TypeScript as well as in what it was compiled to.
 */
import jsTokens from 'js-tokens';

interface Word {
  readonly text: string;
  readonly start: number;
  /** How many brackets are open before it. */
  readonly depth: number;
}

/**
 * Finds the condition.
 *
 * @param line - counted from 1
 * @param column - counted from 1
 * @returns its text on one line; `undefined` where the place is not in the text
 *
 * Cost: O(length of the text).
 */
export function conditionAt(source: string, line: number, column: number): string | undefined {
  const lines = source.split('\n');
  if (line > lines.length) return undefined;
  const offset = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const words = wordsOf(source);
  const at = words.findLastIndex(({ start }) => start <= offset);
  if (at < 0) return undefined;
  const [from, to] = conjunct(words, statement(words, at), at);
  const end = words[to]?.start ?? source.length;
  return (
    source
      .slice(words[from]!.start, end)
      .replaceAll(/\/\/.*$|\/\*[\s\S]*?\*\//gm, ' ')
      // Of what stands on several lines the brackets are closed up, and commas before them left out.
      .replaceAll(/([([])\s*\n\s*/g, '$1')
      .replaceAll(/,?\s*\n\s*([)\]])/g, '$1')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}

/** The tokens that are neither space nor comment. */
function wordsOf(source: string): readonly Word[] {
  const words: Word[] = [];
  let [start, depth] = [0, 0];
  for (const { type, value } of jsTokens(source)) {
    const isSpace = type === 'WhiteSpace' || type === 'LineTerminatorSequence' || type.endsWith('Comment');
    if (/^[)\]}]$/.test(value)) depth -= 1;
    if (!isSpace) words.push({ text: value, start, depth });
    if (/^[([{]$/.test(value)) depth += 1;
    start += value.length;
  }
  return words;
}

/** From which word to before which one something goes. */
type Span = readonly [from: number, to: number];

/** The statement, or the body of the arrow function, around a word. */
function statement(words: readonly Word[], at: number): Span {
  let from = at;
  for (let i = at; i >= 0; i--) {
    const { depth } = words[i]!;
    if (depth > words[from]!.depth) continue;
    if (begins(words, i)) return spanFrom(words, i + 1);
    from = i;
  }
  return spanFrom(words, from);
}

/** Whether what follows a word is a statement, what is returned, or the body of an arrow function. */
function begins(words: readonly Word[], i: number): boolean {
  const { text } = words[i]!;
  if (text === '{') return words[i - 1]?.text === ')' || words[i - 1]?.text === '=>';
  return /^(?:;|\}|=>|return)$/.test(text);
}

/** To the end of the statement: a semicolon, or the comma or bracket that ends a field. */
function spanFrom(words: readonly Word[], from: number): Span {
  const depth = words[from]?.depth ?? 0;
  for (let to = from; to < words.length; to++) {
    const word = words[to]!;
    if (word.depth < depth || (word.depth === depth && /^[;,]$/.test(word.text))) return [from, to];
  }
  return [from, words.length];
}

/** Of a conjunction the part around a word; anything else whole. */
function conjunct(words: readonly Word[], [from, to]: Span, at: number): Span {
  const depth = words[from]!.depth;
  const outer = words.slice(from, to).filter((word) => word.depth === depth);
  if (outer.some(({ text }) => /^(?:\|\||\?\?|\?|=>)$/.test(text))) return [from, to];
  const breaks = words.flatMap((word, i) =>
    i >= from && i < to && word.depth === depth && word.text === '&&' ? [i] : [],
  );
  const before = breaks.findLast((i) => i < at);
  const after = breaks.find((i) => i > at);
  return [before === undefined ? from : before + 1, after ?? to];
}
