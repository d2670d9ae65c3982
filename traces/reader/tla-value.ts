/**
 * Values written as TLA+ text, as TLC prints them: `[type |-> "tok", q |-> 0]`, `<<1, 2>>`, `{"a"}`,
 * `(n1 :> 0 @@ n2 :> 1)`.
 *
 * A function whose domain is `1..n` is a sequence and one whose domain is strings is a record, as in TLA+, where they
 * are the same thing. A model value is the string of its name.
 */

/** What TLA+ text means. Integers beyond 2^53 are `bigint`. */
export type TlaValue =
  | boolean
  | number
  | bigint
  | string
  | readonly TlaValue[]
  | ReadonlySet<TlaValue>
  | ReadonlyMap<TlaValue, TlaValue>
  | { readonly [field: string]: TlaValue };

const token = /\s*(<<|>>|\|->|:>|@@|\.\.|[[\](){},]|"(?:[^"\\]|\\.)*"|-?\d+|[\p{L}_][\p{L}\p{N}_!]*)/uy;
const maxDepth = 200;

/**
 * Parses one value.
 *
 * @throws SyntaxError where the text is not a TLA+ value, or is nested deeper than 200
 */
export function parseTla(text: string): TlaValue {
  const reader = new TokenReader(text);
  const value = readValue(reader, 0);
  if (reader.next !== undefined) throw reader.error('the end');
  return value;
}

class TokenReader {
  readonly #text: string;
  #at = 0;
  /** The token that comes next; `undefined` at the end. */
  next: string | undefined;

  constructor(text: string) {
    this.#text = text.trimEnd();
    this.next = this.#read();
  }

  #read(): string | undefined {
    if (this.#at >= this.#text.length) return undefined;
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    if (match === null) throw new SyntaxError(`not TLA+ at character ${this.#at + 1}`);
    this.#at = token.lastIndex;
    return match[1];
  }

  take(): string {
    const taken = this.next;
    if (taken === undefined) throw this.error('a value');
    this.next = this.#read();
    return taken;
  }

  /** Takes the next token if it is the one given. */
  accept(expected: string): boolean {
    if (this.next !== expected) return false;
    this.take();
    return true;
  }

  expect(expected: string): void {
    if (!this.accept(expected)) throw this.error(`\`${expected}\``);
  }

  error(expected: string): SyntaxError {
    const found = this.next === undefined ? 'the end' : `\`${this.next}\``;
    return new SyntaxError(`expected ${expected} but found ${found} before character ${this.#at + 1}`);
  }
}

function readValue(reader: TokenReader, depth: number): TlaValue {
  if (depth > maxDepth) throw new SyntaxError(`nested deeper than ${maxDepth}`);
  const first = reader.take();
  switch (first) {
    case '<<':
      return readList(reader, '>>', depth);
    case '{':
      return new Set(readList(reader, '}', depth));
    case '[':
      return readRecord(reader, depth);
    case '(':
      return readFunction(reader, depth);
    case 'TRUE':
      return true;
    case 'FALSE':
      return false;
    default:
      return readAtom(first, reader);
  }
}

function readAtom(first: string, reader: TokenReader): TlaValue {
  if (first.startsWith('"')) return first.slice(1, -1).replaceAll(/\\(.)/g, (_, c: string) => escapes[c] ?? c);
  if (/^[\p{L}_]/u.test(first)) return first;
  if (!/^-?\d/.test(first)) throw new SyntaxError(`\`${first}\` cannot begin a value`);
  const from = Number(first);
  if (!reader.accept('..')) return Number.isSafeInteger(from) ? from : BigInt(first);
  const to = Number(reader.take());
  if (!Number.isSafeInteger(to) || to - from > 1_000_000) throw new SyntaxError(`\`${first}..${to}\` is too wide`);
  return new Set(Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

function readList(reader: TokenReader, end: string, depth: number): TlaValue[] {
  const items: TlaValue[] = [];
  if (reader.accept(end)) return items;
  do items.push(readValue(reader, depth + 1));
  while (reader.accept(','));
  reader.expect(end);
  return items;
}

function readRecord(reader: TokenReader, depth: number): TlaValue {
  const fields: [string, TlaValue][] = [];
  if (!reader.accept(']')) {
    do {
      const name = reader.take();
      reader.expect('|->');
      fields.push([name, readValue(reader, depth + 1)]);
    } while (reader.accept(','));
    reader.expect(']');
  }
  return Object.fromEntries(fields);
}

/** `(key :> value @@ key :> value)`, or a value in parentheses; each part may itself be in parentheses. */
function readFunction(reader: TokenReader, depth: number): TlaValue {
  const first = readValue(reader, depth + 1);
  if (!reader.accept(':>')) {
    // A value in parentheses, as PGo writes every key and value: `(("from") :> (5))`.
    if (reader.accept(')')) return first;
    throw reader.error('`:>` or `)`');
  }
  const entries: [TlaValue, TlaValue][] = [[first, readValue(reader, depth + 1)]];
  while (reader.accept('@@')) {
    const key = readValue(reader, depth + 1);
    reader.expect(':>');
    entries.push([key, readValue(reader, depth + 1)]);
  }
  reader.expect(')');
  return functionOf(entries);
}

/** A function in the form in which TLA+ would show it: a sequence, a record, or neither. */
function functionOf(entries: readonly [TlaValue, TlaValue][]): TlaValue {
  if (entries.every(([key]) => typeof key === 'string')) {
    return Object.fromEntries(entries as [string, TlaValue][]);
  }
  const sequence: TlaValue[] = [];
  for (const [key, value] of entries) {
    if (typeof key !== 'number' || key < 1 || key > entries.length) return new Map(entries);
    sequence[key - 1] = value;
  }
  return Object.keys(sequence).length === entries.length ? sequence : new Map(entries);
}
