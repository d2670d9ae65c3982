/** The order of rows on disk: by their hashes, rows with equal hashes word by word. */

/** Compares two rows that have the same hash. */
export function compareRows(a: Int32Array, atA: number, b: Int32Array, atB: number, words: number): number {
  for (let w = 0; w < words; w++) {
    const [x, y] = [a[atA + w] as number, b[atB + w] as number];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
