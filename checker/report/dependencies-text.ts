/** The dependency matrix as text: a row an action, a column a variable. */
import type { CheckResult, Dependencies } from '../explore/index.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';

/** A matrix that is wider is written in parts, one below the other. */
const widest = 100;

/**
 * Writes what each action reads (`R`) and writes (`W`).
 *
 * @param verdict - that of the check: where it is incomplete, the matrix says so of itself
 * @returns lines, without a line break; none where there are no actions
 */
export function dependencyLines(
  { variables, actions }: Dependencies,
  verdict: CheckResult['result'],
  paint: Paint,
): string[] {
  if (actions.length === 0) return [];
  const rows = actions.map(({ action, learned, reads, writes }) => ({
    action,
    cells: Object.values(variables).map((paths) => {
      if (!learned) return '?';
      const includes = (used: readonly string[]): boolean => paths.some((path) => used.includes(path));
      return `${includes(reads) ? 'R' : ''}${includes(writes) ? 'W' : ''}` || '·';
    }),
  }));
  const explored = verdict === 'ok' ? '' : ', in the states that were explored';
  const unlearned = actions.filter(({ learned }) => !learned).map(({ action }) => action);
  return [
    paint.dim(`  what actions read (R) and write (W)${explored}`),
    ...parts(Object.keys(variables)).flatMap((part, i) => [
      ...(i === 0 ? [] : ['']),
      ...matrix(part, Object.keys(variables), rows, paint),
    ]),
    ...(unlearned.length === 0
      ? []
      : [paint.yellow(`  not learned, since the code of the spec was called on every state: ${unlearned.join(', ')}`)]),
  ];
}

interface Row {
  readonly action: string;
  readonly cells: readonly string[];
}

/** The rows of the matrix for some of its columns. */
function matrix(part: readonly string[], all: readonly string[], rows: readonly Row[], paint: Paint): string[] {
  const columns = part.map((variable) => all.indexOf(variable));
  const [header, ...lines] = table(
    [['action', ...part], ...rows.map(({ action, cells }) => [action, ...columns.map((column) => cells[column]!)])],
    { right: [false, ...part.map(() => false)], indent: '  ' },
  );
  return [paint.dim(header!), ...lines];
}

/** Splits variables into parts whose names fit on a line, beside the name of an action. */
function parts(variables: readonly string[]): string[][] {
  const split: string[][] = [[]];
  let width = 0;
  for (const variable of variables) {
    width += variable.length + 2;
    if (width > widest - 24 && split.at(-1)!.length > 0) {
      split.push([]);
      width = variable.length + 2;
    }
    split.at(-1)!.push(variable);
  }
  return split;
}
