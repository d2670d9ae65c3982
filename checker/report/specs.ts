/** The specs of the library as a table. */
import type { Expected } from '../spec/index.ts';
import { paintFor } from './paint.ts';
import { table } from './table.ts';
import type { TextOptions } from './text.ts';

/** A spec of the library, as it is listed. */
export interface ListedSpec {
  /** By which commands call it. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** By which the spec calls itself. */
  readonly title: string;
  readonly models: Readonly<Record<string, Expected>>;
  readonly mutants: Readonly<Record<string, { readonly breaks: string; readonly steps: number }>>;
}

/** Lays out specs as a table: name, title, models with their distinct states, number of mutants. */
export function specsText(specs: readonly ListedSpec[], { color = false }: TextOptions = {}): string {
  const rows = specs.map(({ name, aliases, title, models, mutants }) => [
    [name, ...aliases].join(', '),
    title,
    Object.entries(models).map(modelText).join(', '),
    String(Object.keys(mutants).length),
  ]);
  const right = [false, false, false, true];
  const [header, ...lines] = table([['spec', 'title', 'models (distinct states)', 'mutants'], ...rows], { right });
  return `${[paintFor(color).dim(header!), ...lines].join('\n')}\n`;
}

function modelText([name, { distinct }]: readonly [string, Expected]): string {
  return distinct === undefined ? name : `${name} (${distinct.toLocaleString('en-US')})`;
}
