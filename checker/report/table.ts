/** Columns of text, aligned. */

/** How a table is laid out. */
export interface TableLayout {
  /** For each column, whether its cells stand at its right edge, as numbers do. */
  readonly right: readonly boolean[];
  /** Written before every line. */
  readonly indent?: string;
}

/**
 * Lays out rows of cells in columns that are two spaces apart.
 *
 * Colours must be added to whole lines afterwards: cells are measured by their length.
 *
 * @returns one line for each row, without spaces at the end
 */
export function table(rows: readonly (readonly string[])[], { right, indent = '' }: TableLayout): string[] {
  const widths = right.map((_, column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      right[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    );
    return (indent + cells.join('  ')).trimEnd();
  });
}
