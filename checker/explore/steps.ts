/** The steps of one state, as numbers: a list that is filled again and again. */

/** Where a step leads that leaves the graph, beyond a constraint. */
export const beyond = -1;

/**
 * In which order the steps of a state come: in that of the spec, or in any, which is found sooner. What is found by
 * following them in any order may depend on how states are stored, and on which thread learned what.
 */
export type StepOrder = 'of the spec' | 'any';

/** The steps of one state: where each leads, and what it is, as a number of which the giver knows the meaning. */
export class Steps {
  count = 0;
  targets = new Int32Array(64);
  labels = new Int32Array(64);

  add(target: number, label: number): void {
    if (this.count === this.targets.length) {
      const [targets, labels] = [this.targets, this.labels];
      this.targets = new Int32Array(2 * this.count);
      this.labels = new Int32Array(2 * this.count);
      this.targets.set(targets);
      this.labels.set(labels);
    }
    this.targets[this.count] = target;
    this.labels[this.count++] = label;
  }
}
