/** Constants: their defaults, and what may replace them. */
import { BivalentError, nearest } from '../core/index.ts';
import { canonical, fromJson, isRecord, kindOf, show } from '../value/index.ts';
import type { Primitive, RecordValue, Value } from '../value/index.ts';
import { constantBrand, nodes, nodesBrand, nodeSet, settingsBrand } from './constants.ts';
import type { Settings } from './constants.ts';
import type { Spec } from './define-spec.ts';

/** How a constant is declared: what it is by default, and what else it may be. */
interface Declaration {
  readonly value: Value;
  /** In words, for messages: `a number`. */
  readonly meaning: string;
  /** The value that is meant by something given in code or in JSON to replace `now`; undefined where it is not possible. */
  accept(given: Value, now: Value): Value | undefined;
  /** Whether what is given replaces a part. */
  readonly isPartial?: true;
  /** What is meant by a text of the command line. */
  parse(text: string): unknown;
}

/**
 * The constants of a spec, with some replaced.
 *
 * @param spec - the spec that declares them
 * @param overrides - what replaces them; later ones win
 * @returns all constants, canonical
 * @throws BivalentError `spec/unknown-constant` or `spec/constant`, with what would be right
 */
export function constantsOf(spec: Spec, overrides: readonly Readonly<Record<string, unknown>>[]): RecordValue {
  const declarations = declarationsOf(spec);
  const constants: Record<string, Value> = {};
  for (const [name, declaration] of declarations) constants[name] = declaration.value;
  for (const override of overrides) {
    for (const [name, given] of Object.entries(override)) {
      if (given === undefined) continue;
      constants[name] = accepted(name, find(spec, declarations, name), given, constants[name]!);
    }
  }
  return canonical(constants) as RecordValue;
}

/**
 * Reads `name=value` as the command line gives it: a number for a number or a set of nodes, `true` or `false`, a text,
 * names between commas for a set of nodes, JSON for anything else.
 *
 * @param spec - the spec that declares the constant
 * @param text - `RM=7`
 * @returns the name, and the value that replaces the default
 */
export function parseConstant(spec: Spec, text: string): readonly [name: string, value: unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new BivalentError('spec/constant', `a constant is given as name=value, not as ${show(text)}`);
  }
  const name = text.slice(0, equals);
  const declaration = find(spec, declarationsOf(spec), name);
  const value = text.slice(equals + 1);
  const parsed = declaration.parse(value);
  const meant = accepted(name, declaration, parsed, declaration.value, value);
  // Settings are given to be put in the place of some: with the others, they would replace all.
  return [name, declaration.isPartial ? parsed : meant];
}

function declarationsOf(spec: Spec): ReadonlyMap<string, Declaration> {
  const declared = Object.entries(spec.definition.constants ?? {});
  return new Map(declared.map(([name, value]: readonly [string, unknown]) => [name, declarationOf(name, value)]));
}

function declarationOf(name: string, given: unknown): Declaration {
  if (typeof given === 'object' && given !== null) {
    const options: unknown = Reflect.get(given, constantBrand);
    if (Array.isArray(options)) return oneOfOptions(canonical(options) as readonly Primitive[]);
    const declared: unknown = Reflect.get(given, settingsBrand);
    if (declared !== undefined) return settingsOf(declared as Settings);
    const prefix: unknown = Reflect.get(given, nodesBrand);
    if (typeof prefix === 'string') return nodesWith(prefix, canonical(given));
  }
  return ofSameKind(valueOf(name, given));
}

function valueOf(name: string, given: unknown): Value {
  try {
    return canonical(given);
  } catch (error) {
    if (!(error instanceof BivalentError)) throw error;
    throw new BivalentError('spec/constant', `the constant ${name}: ${error.message}`, {}, { cause: error });
  }
}

function oneOfOptions(options: readonly Primitive[]): Declaration {
  return {
    value: options[0]!,
    meaning: `one of ${options.map(show).join(', ')}`,
    accept: (given) => (options.some((option) => option === given) ? given : undefined),
    parse: (text) => {
      const index = options.findIndex((option) => String(option) === text);
      return index < 0 ? text : options[index];
    },
  };
}

function settingsOf({ defaults, refusal }: Settings): Declaration {
  return {
    value: canonical(defaults),
    meaning: 'a record of settings',
    isPartial: true,
    accept: (given, now) => {
      if (!isRecord(given)) return undefined;
      for (const [name, value] of Object.entries(given)) {
        const message = refusal(name, value);
        if (message !== undefined) throw new BivalentError('spec/constant', message);
      }
      return canonical({ ...(now as RecordValue), ...given });
    },
    parse: (text) => parseAs('record', text),
  };
}

function nodesWith(prefix: string, value: Value): Declaration {
  const isName = (x: Value): x is `${string}${number}` =>
    typeof x === 'string' && x.startsWith(prefix) && /^\d+$/.test(x.slice(prefix.length));
  return {
    value,
    meaning: `a set of nodes: how many, or names such as ${prefix}1,${prefix}2`,
    accept: (given) => {
      if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 1)
        return canonical(nodes(prefix, given));
      if (!Array.isArray(given) || given.length === 0 || new Set(given).size < given.length) return undefined;
      const names = given as readonly Value[];
      return names.every(isName) ? canonical(nodeSet(prefix, names)) : undefined;
    },
    parse: (text) => (/^\d+$/.test(text) ? Number(text) : text.split(',')),
  };
}

const meanings = {
  null: 'a value',
  boolean: 'true or false',
  number: 'a number',
  bigint: 'a whole number',
  string: 'a text',
  array: 'an array',
  record: 'a record',
  set: 'a set',
  map: 'a map',
  bag: 'a bag',
} as const;

function ofSameKind(value: Value): Declaration {
  const kind = kindOf(value);
  return {
    value,
    meaning: meanings[kind],
    accept: (given) => (kind === 'null' || kindOf(given) === kind ? given : undefined),
    parse: (text) => parseAs(kind, text),
  };
}

/** What a text means for a constant of this kind; the text itself where it means nothing. */
function parseAs(kind: string, text: string): unknown {
  if (kind === 'string') return text;
  if (kind === 'bigint') return /^-?\d+n?$/.test(text) ? BigInt(text.replace('n', '')) : text;
  try {
    return fromJson(JSON.parse(text));
  } catch {
    return text;
  }
}

function find(spec: Spec, declarations: ReadonlyMap<string, Declaration>, name: string): Declaration {
  const declaration = declarations.get(name);
  if (declaration !== undefined) return declaration;
  const names = [...declarations.keys()];
  throw new BivalentError(
    'spec/unknown-constant',
    `${spec.definition.name} has no constant ${name}${suggestion(name, names)}; ${listOf('its constants are', 'it has none', names)}`,
  );
}

/** `; did you mean RM?`, or nothing. */
export function suggestion(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** `its constants are A, B`. */
export function listOf(lead: string, none: string, names: readonly string[]): string {
  return names.length === 0 ? none : `${lead} ${names.join(', ')}`;
}

function accepted(name: string, declaration: Declaration, given: unknown, now: Value, text?: string): Value {
  const candidate = valueOf(name, given);
  const value = declaration.accept(candidate, now);
  if (value !== undefined) return value;
  const found = text === undefined ? show(candidate) : `'${text}'`;
  throw new BivalentError('spec/constant', `the constant ${name} is ${declaration.meaning}, not ${found}`);
}
