/**
 * Random specs, for the laws that every engine must satisfy.
 *
 * A spec is *source text*, drawn from a tape of random numbers and compiled: a failing case prints as a spec that can
 * be read, pasted into a file and run, and whatever JavaScript can do with a draft can be drawn. Each variable of the
 * state is of one of the kinds of `variableKinds`, tables of what user code may do with such a variable. A shorter tape
 * with smaller numbers gives a simpler spec, so fast-check shrinks specs by shrinking tapes.
 *
 * Every variable has few values, so the state graph is finite; {@link randomSpec} cannot know how large it is, and its
 * users skip the cases that are too large for them.
 */
import * as fc from 'fast-check';
import { defineSpec, mapOf, nodes, when, type Spec } from '../spec/index.ts';
import { Bag } from '../value/index.ts';
import { variableKinds, type Domain, type VariableKind } from './random-spec-kinds.test-support.ts';

/** A spec and the text it was compiled from, which is what fast-check prints. */
export class RandomSpec {
  readonly source: string;
  readonly spec: Spec;

  constructor(source: string) {
    this.source = source;
    this.spec = compile(source);
  }

  [fc.toStringMethod](): string {
    return `\n${this.source}`;
  }
}

/** Specs of one to four variables and one to three actions, with every part that a spec may have. */
export function randomSpec(): fc.Arbitrary<RandomSpec> {
  return fc
    .noBias(fc.array(fc.nat({ max: 255 }), { maxLength: 500, size: 'max' }))
    .map((numbers) => new RandomSpec(new SpecWriter(new Tape(numbers)).spec()));
}

/** Compiles the text of a spec, with the names of the library in scope as an `import` would bring them. */
function compile(source: string): Spec {
  const names = { Bag, defineSpec, mapOf, nodes, when };
  // oxlint-disable-next-line typescript/no-implied-eval -- the text was written by SpecWriter
  const make = new Function(...Object.keys(names), `'use strict'; return ${source};`) as (...args: unknown[]) => Spec;
  return make(...Object.values(names));
}

/** Numbers that decide, one after the other, between alternatives; at its end the first alternative is taken. */
class Tape {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  choose<T>(alternatives: readonly T[]): T {
    return alternatives[this.below(alternatives.length)]!;
  }

  below(n: number): number {
    return (this.#numbers[this.#next++] ?? 0) % n;
  }

  /** True `percent` times in a hundred; false at the end of the tape. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  get isEmpty(): boolean {
    return this.#next >= this.#numbers.length;
  }
}

/** A domain as it stands in the code: its text, and the number of the variable it is about, where it is about one. */
interface UsedDomain {
  readonly text: string;
  readonly domain: Domain;
  readonly n: number;
}

/** What the code being written may refer to: a state by its name, and the elements picked so far by theirs. */
interface Scope {
  readonly state: string;
  readonly picked: readonly (UsedDomain & { readonly name: string })[];
}

/** Writes the text of one spec, choosing with a tape. */
class SpecWriter {
  readonly #tape: Tape;
  readonly #kinds: readonly VariableKind[];
  #names = 0;

  constructor(tape: Tape) {
    this.#tape = tape;
    this.#kinds = Array.from({ length: 1 + ((1 + tape.below(4)) % 4) }, () => tape.choose(variableKinds));
  }

  spec(): string {
    const tape = this.#tape;
    const parts = [`name: 'Random'`, `constants: { N: nodes('n', 2) }`, this.#init()];
    parts.push(
      block(
        'actions',
        Array.from({ length: 1 + ((1 + tape.below(4)) % 5) }, (_, i) => this.#action(`act${i}`)),
      ),
    );
    if (tape.chance(25)) parts.push(this.#afterEach());
    const invariants = Array.from({ length: tape.below(3) }, (_, i) => this.#property(`inv${i}`, ['s']));
    if (invariants.length > 0) parts.push(block('invariants', invariants));
    if (tape.chance(30)) parts.push(block('transitionInvariants', [this.#property('step', ['before', 'after'])]));
    if (tape.chance(25)) parts.push(this.#property('constraint', ['s']));
    if (tape.chance(20)) parts.push(this.#property('actionConstraint', ['before', 'after']));
    if (tape.chance(40)) parts.push(this.#property('terminated', ['s']));
    if (tape.chance(35)) parts.push('deadlock: false');
    return `defineSpec({\n${indent(parts.map((part) => `${part},`).join('\n'))}\n})`;
  }

  #init(): string {
    const tape = this.#tape;
    const state = (i: string) =>
      `{ ${this.#kinds.map((kind, n) => `${variable(n)}: ${tape.choose(kind.initial).replaceAll('$i', i)}`).join(', ')} }`;
    if (tape.chance(20))
      return `init: ({ N, pick }) => {\n  const { i } = pick({ i: [1, 0] });\n  return ${state('i')};\n}`;
    if (tape.chance(20)) return `init: ({ N }) => [${state('0')}, ${state('1')}]`;
    return `init: ({ N }) => (${state('0')})`;
  }

  #action(name: string): string {
    const scope: Scope = { state: 's', picked: [] };
    const { text, picked } = this.#tape.chance(60) ? this.#pick(scope) : { text: '', picked: [] };
    const body = this.#statements({ ...scope, picked }, 2);
    return `${name}(s, { N, pick }) {\n${indent(`${text}\n${body}`.trim())}\n}`;
  }

  #afterEach(): string {
    // What history variables do: the successor remembers something of the state that was left.
    const history = this.#write({ state: 's', picked: [] });
    const value = this.#integer({ state: 'before', picked: [] }, 2);
    return `afterEach(s, { N, before }) {\n  if (${value} === 1) {\n    ${history};\n  }\n}`;
  }

  /** A few statements, the last of them a write; a `pick` brings a new name into the scope of those after it. */
  #statements(scope: Scope, depth: number): string {
    const tape = this.#tape;
    const lines: string[] = [];
    let inner = scope;
    for (let left = tape.below(3); left > 0; left--) {
      const choice = tape.below(8);
      if (choice === 5) lines.push(`when(${this.#boolean(inner, 2)});`);
      else if (choice === 6) {
        const { text, picked } = this.#pick(inner);
        lines.push(text);
        inner = { ...inner, picked: [...inner.picked, ...picked] };
      } else if (choice === 7 && depth > 0) lines.push(this.#branch(inner, depth - 1));
      else lines.push(`${this.#write(inner)};`);
    }
    lines.push(`${this.#write(inner)};`);
    return lines.join('\n');
  }

  #branch(scope: Scope, depth: number): string {
    const condition = this.#boolean(scope, 1);
    if (this.#tape.chance(20)) return `if (${condition}) return;`;
    const yes = indent(this.#statements(scope, depth));
    const no = this.#tape.chance(50) ? ` else {\n${indent(this.#statements(scope, depth))}\n}` : '';
    return `if (${condition}) {\n${yes}\n}${no}`;
  }

  #pick(scope: Scope): { text: string; picked: Scope['picked'] } {
    const picked = Array.from({ length: this.#tape.chance(15) ? 2 : 1 }, () => {
      return { name: `p${this.#names++}`, ...this.#domain(scope) };
    });
    const names = picked.map(({ name }) => name).join(', ');
    return { text: `const { ${names} } = pick({ ${picked.map((p) => `${p.name}: ${p.text}`).join(', ')} });`, picked };
  }

  /** A domain: a constant one, one that depends on what was read, or a collection of the state. */
  #domain(scope: Scope): UsedDomain {
    const own = this.#kinds.flatMap((kind, n) => (kind.domains ?? []).map((domain) => ({ domain, n })));
    const constant = constantDomains.map((domain) => ({ domain, n: 0 }));
    const { domain, n } = this.#tape.choose([...constant, ...own, ...own]);
    return { text: this.#expand(domain.source, scope, 1, n), domain, n };
  }

  #write(scope: Scope): string {
    const tape = this.#tape;
    const consuming = scope.picked.filter(({ domain }) => domain.writes !== undefined);
    if (consuming.length > 0 && tape.chance(30)) {
      const { name, domain, n } = tape.choose(consuming);
      return this.#expand(tape.choose(domain.writes!), scope, 1, n).replaceAll('$p', name);
    }
    const n = tape.below(this.#kinds.length);
    return this.#expand(tape.choose(this.#kinds[n]!.writes), scope, 2, n);
  }

  /** An expression whose value is 0, 1 or 2. */
  #integer(scope: Scope, depth: number): string {
    const tape = this.#tape;
    if (depth === 0 || tape.isEmpty) return `${tape.below(3)}`;
    const choice = tape.below(10);
    if (choice < 2) return `${tape.below(3)}`;
    if (choice < 6 && scope.picked.length > 0) {
      const { name, domain, n } = tape.choose(scope.picked);
      return parenthesised(this.#expand(tape.choose(domain.integers), scope, 0, n).replaceAll('$p', name));
    }
    if (choice === 8) return `((${this.#integer(scope, depth - 1)} + ${this.#integer(scope, depth - 1)}) % 3)`;
    if (choice === 9) {
      return `(${this.#boolean(scope, depth - 1)} ? ${this.#integer(scope, depth - 1)} : ${this.#integer(scope, depth - 1)})`;
    }
    return this.#read(scope, depth, 'integers');
  }

  #boolean(scope: Scope, depth: number): string {
    const tape = this.#tape;
    const choice = depth === 0 ? 0 : tape.below(10);
    if (choice === 6) return `${this.#read(scope, depth, 'integers')} === ${this.#integer(scope, depth)}`;
    if (choice === 7) return `(${this.#boolean(scope, depth - 1)} && ${this.#boolean(scope, depth - 1)})`;
    if (choice === 8) return `(${this.#boolean(scope, depth - 1)} || ${this.#boolean(scope, depth - 1)})`;
    if (choice === 9) return `!(${this.#boolean(scope, depth - 1)})`;
    return this.#read(scope, depth, 'booleans');
  }

  #read(scope: Scope, depth: number, type: 'integers' | 'booleans'): string {
    const n = this.#tape.below(this.#kinds.length);
    const template = this.#tape.choose(this.#kinds[n]![type]);
    return parenthesised(this.#expand(template, scope, depth - 1, n));
  }

  /** Fills the holes of a template about variable `n`; `$p` is left to the caller. */
  #expand(template: string, scope: Scope, depth: number, n: number): string {
    const inner = Math.max(depth, 0);
    return template.replaceAll(/\$[ibv]/g, (hole) => {
      if (hole === '$v') return `${scope.state}.${variable(n)}`;
      return hole === '$i' ? this.#integer(scope, inner) : this.#boolean(scope, inner);
    });
  }

  /** A property of one state, or of two: a conjunction is denied, so that what breaks it is some steps away. */
  #property(name: string, states: readonly string[]): string {
    const tape = this.#tape;
    let picked: Scope['picked'] = [];
    let quantifier = '';
    if (tape.chance(30)) {
      const domain = this.#domain({ state: states[0]!, picked });
      picked = [{ name: 'e', ...domain }];
      quantifier = `  const { e } = forAll({ e: ${domain.text} });\n`;
    }
    const terms = Array.from({ length: 3 + tape.below(4) }, (_, i) =>
      this.#boolean({ state: states[i % states.length]!, picked }, 1),
    );
    const parameters = [...states, '{ N, forAll }'].join(', ');
    return `${name}: (${parameters}) => {\n${quantifier}  return !(${terms.join(' && ')});\n}`;
  }
}

/** Domains that every scope has. The third is empty for some states, and depends on what was read. */
const constantDomains: readonly Domain[] = [
  { source: '[1, 0]', integers: ['$p'] },
  { source: 'N', integers: ['N.indexOf($p)'] },
  { source: '[0, 1].slice($i)', integers: ['$p'] },
  { source: 'new Set([{ k: $i, v: 0 }, { v: 1, k: 1 }])', integers: ['$p.k', '$p.v'] },
];

/** The variables are named by letters, in the order in which they were drawn. */
function variable(n: number): string {
  return 'abcd'[n]!;
}

/** Puts an expression between parentheses, unless its only operators are within some. */
function parenthesised(expression: string): string {
  let depth = 0;
  for (const character of expression) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (character === ' ' && depth === 0) return `(${expression})`;
  }
  return expression;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function block(name: string, parts: readonly string[]): string {
  return `${name}: {\n${indent(parts.map((part) => `${part},`).join('\n'))}\n}`;
}
