/**
 * How often each step was taken: counted by leaf, in a typed array, and summed up by action when it is asked for.
 */
export class StepCounts {
  /** By leaf. */
  leaves = new Float64Array(64);
  /** By action, of the actions that are called directly. */
  readonly direct: number[] = [];

  /**
   * Counts a step.
   *
   * @param leaf - its leaf, or -1 minus the number of an action that is called directly
   */
  add(leaf: number, times: number): void {
    if (leaf >= 0 && leaf < this.leaves.length) {
      this.leaves[leaf] = (this.leaves[leaf] as number) + times;
      return;
    }
    if (leaf < 0) {
      this.direct[-1 - leaf] = (this.direct[-1 - leaf] ?? 0) + times;
      return;
    }
    const longer = new Float64Array(2 * leaf + 64);
    longer.set(this.leaves);
    longer[leaf] = times;
    this.leaves = longer;
  }

  /**
   * The counts by action.
   *
   * @param actions - how many actions there are; they are the first routines
   * @param routineOf - the routine of each leaf
   */
  byAction(actions: number, routineOf: (leaf: number) => number): number[] {
    const sums = Array.from({ length: actions }, (_, action) => this.direct[action] ?? 0);
    this.leaves.forEach((count, leaf) => {
      if (count > 0 && leaf > 0) sums[routineOf(leaf)]! += count;
    });
    return sums;
  }
}
