/** Arrays of integers that other threads can see, where they have to. */

/** Zeros, in memory that other threads can see or not. */
export function integers(length: number, isShared: boolean): Int32Array {
  return isShared ? new Int32Array(new SharedArrayBuffer(4 * length)) : new Int32Array(length);
}

/** A copy of an array, as long as that or longer, in memory that other threads can see or not; what is added is zero. */
export function copied(array: Int32Array, length: number, isShared: boolean): Int32Array {
  const copy = integers(length, isShared);
  copy.set(array);
  return copy;
}
