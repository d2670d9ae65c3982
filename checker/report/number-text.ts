/** Numbers as text. */

/** A number with its thousands set apart: `1,234`. */
export function number(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}
