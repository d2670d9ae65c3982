/** Numbers as text. */

/** A number with its thousands set apart: `1,234`. */
export function number(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** Bytes in MiB: `1,234 MiB`. */
export function mebibytes(bytes: number): string {
  return `${number(bytes / 2 ** 20)} MiB`;
}
