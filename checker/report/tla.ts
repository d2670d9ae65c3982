/**
 * Behaviours as a module of TLA+: a sequence of states, each a record of its variables.
 *
 * Records, sets, numbers, strings and booleans are those of TLA+, arrays are sequences. Maps, bags (as functions to
 * counts) and records with fields that are no identifiers are functions, written with `:>` and `@@`. `null` is a constant
 * of the module, and a text may hold more than a string of TLA+ can: what it cannot is written as `\uXXXX`.
 */
import { kindOf, type Bag, type MapValue, type RecordValue, type SetValue, type Value } from '../value/index.ts';
import type { Report } from './report.ts';

const identifier = /^[A-Za-z]\w*$/;

/** Words that TLA+ keeps for itself. */
const reserved = new Set(
  (
    'ASSUME ASSUMPTION AXIOM BOOLEAN CASE CHOOSE CONSTANT CONSTANTS DOMAIN ELSE ENABLED EXCEPT EXTENDS FALSE IF IN ' +
    'INSTANCE LAMBDA LET LOCAL MODULE OTHER PROOF RECURSIVE SF_ STRING SUBSET THEN THEOREM TRUE UNCHANGED UNION ' +
    'VARIABLE VARIABLES WF_ WITH ACTION BY COROLLARY DEF DEFINE DEFS HAVE HIDE LEMMA NEW OBVIOUS OMITTED ONLY PICK ' +
    'PROPOSITION PROVE QED STATE SUFFICES TAKE TEMPORAL USE WITNESS'
  ).split(' '),
);

/** The behaviour of a report as a module `Trace`; `undefined` where it has none. */
export function tlaReport({ headline, behaviour }: Report): string | undefined {
  if (behaviour === undefined) return undefined;
  const { steps, loopsTo } = behaviour;
  const lines = [
    '---- MODULE Trace ----',
    `\\* ${oneLine(headline)}`,
    'EXTENDS Integers, Sequences, FiniteSets, TLC',
    '',
    '\\* What null stands for.',
    'CONSTANT Null',
    '',
    ...steps.flatMap(({ index, name, state }) => [
      `\\* ${index}: ${oneLine(name)}`,
      `State${index} ==`,
      ...stateLines(state),
      '',
    ]),
    `States == <<${steps.map(({ index }) => `State${index}`).join(', ')}>>`,
    '',
    '\\* The step that leads to each state.',
    `Steps == <<${steps.map(({ name }) => tlaString(name)).join(', ')}>>`,
    ...(loopsTo === undefined
      ? []
      : [
          '',
          '\\* The behaviour goes on for ever from this state, which the last one is again.',
          `Loop == ${loopsTo + 1}`,
        ]),
    '====',
  ];
  return `${lines.join('\n')}\n`;
}

/** A state with a variable on each line. */
function stateLines(state: RecordValue): readonly string[] {
  const entries = Object.entries(state);
  if (!isPlain(entries)) return [`  ${tlaValue(state)}`];
  const fields = entries.map(([name, value], i) => `  ${i === 0 ? '[' : ' '} ${name} |-> ${tlaValue(value)}`);
  return fields.map((line, i) => (i === fields.length - 1 ? `${line} ]` : `${line},`));
}

/** Text of a comment: printable ASCII, so that nothing in it can end the line or the module. */
function oneLine(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?').replaceAll(/[-=]{4,}/g, '...');
}

/** A value as an expression of TLA+. */
export function tlaValue(value: Value): string {
  switch (kindOf(value)) {
    case 'null':
      return 'Null';
    case 'boolean':
      return value === true ? 'TRUE' : 'FALSE';
    case 'number':
      return tlaNumber(value as number);
    case 'bigint':
      return `${value as bigint}`;
    case 'string':
      return tlaString(value as string);
    case 'array':
      return `<<${(value as readonly Value[]).map(tlaValue).join(', ')}>>`;
    case 'set':
      return `{${(value as SetValue<Value>).elements().map(tlaValue).join(', ')}}`;
    case 'record':
      return tlaRecord(value as RecordValue);
    case 'map':
      return tlaFunction((value as MapValue<Value, Value>).pairs());
    default:
      return tlaFunction((value as Bag<Value>).pairs());
  }
}

/** TLC knows whole numbers; one that is not is the text of it. */
function tlaNumber(number: number): string {
  return Number.isInteger(number) ? String(BigInt(number)) : tlaString(String(number));
}

function tlaRecord(record: RecordValue): string {
  const entries = Object.entries(record);
  if (!isPlain(entries)) return tlaFunction(entries);
  return `[${entries.map(([key, value]) => `${key} |-> ${tlaValue(value)}`).join(', ')}]`;
}

/** Whether there are fields, and TLA+ can name all of them. */
function isPlain(entries: readonly (readonly [string, Value])[]): boolean {
  return entries.length > 0 && entries.every(([key]) => identifier.test(key) && !reserved.has(key));
}

function tlaFunction(pairs: readonly (readonly [Value, Value])[]): string {
  // The function with an empty domain is the empty sequence.
  if (pairs.length === 0) return '<<>>';
  return `(${pairs.map(([key, value]) => `${tlaValue(key)} :> ${tlaValue(value)}`).join(' @@ ')})`;
}

function tlaString(text: string): string {
  const escaped = text.replaceAll(/["\\]|[^ -~]/g, (c) =>
    c === '"' || c === '\\' ? `\\${c}` : c === '\n' ? '\\n' : `\\\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}
