/**
 * Fairness conditions over steps: which conditions a step satisfies, as bits.
 *
 * A condition on an action as a whole is one bit. One on each choice of an action is a bit for each choice that turns
 * up, so the bits grow as steps are seen; a choice that was not seen was not enabled.
 */
import type { StepLabel } from '../explore/index.ts';
import type { FairnessCondition } from '../spec/index.ts';
import { show } from '../value/index.ts';

/** One condition: on an action as a whole, or on one choice of it. */
interface Instance {
  readonly isStrong: boolean;
  readonly description: string;
}

export class FairnessTable {
  /** How many words of 32 bits hold all conditions: at least one. */
  words = 1;
  /** Whether any condition is strong. */
  readonly hasStrong: boolean;
  readonly #conditions: readonly FairnessCondition[];
  readonly #instances: Instance[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #ofLabel: (readonly number[] | undefined)[] = [];

  constructor(conditions: readonly FairnessCondition[]) {
    this.#conditions = conditions;
    this.hasStrong = conditions.some(({ strength }) => strength === 'strong');
  }

  /** The conditions that a step satisfies, by number. */
  satisfiedBy(label: number, stepAt: (label: number) => StepLabel): readonly number[] {
    return (this.#ofLabel[label] ??= this.#instancesOf(stepAt(label)));
  }

  /** The words whose bits say which conditions are strong. */
  strong(): Int32Array {
    const bits = new Int32Array(this.words);
    this.#instances.forEach(({ isStrong }, i) => {
      if (isStrong) bits[i >>> 5]! |= 1 << (i & 31);
    });
    return bits;
  }

  isStrong(instance: number): boolean {
    return (this.#instances[instance] as Instance).isStrong;
  }

  /** A condition in words: `weak fairness of enter(p=p1)`. */
  describe(instance: number): string {
    return (this.#instances[instance] as Instance).description;
  }

  get count(): number {
    return this.#instances.length;
  }

  #instancesOf(step: StepLabel): number[] {
    return this.#conditions.flatMap((condition, i) => {
      const { action, each, strength } = condition;
      if (action !== undefined && action !== step.action) return [];
      const names = each === 'all' ? Object.keys(step.parameters) : each;
      const choice = names.map((name) => {
        const value = step.parameters[name];
        return `${name}=${value === undefined ? '' : show(value)}`;
      });
      const key = `${i}:${choice.join()}`;
      const known = this.#numbers.get(key);
      if (known !== undefined) return [known];
      const picked = choice.length === 0 ? '' : `(${choice.join(', ')})`;
      const description = `${strength} fairness of ${action === undefined ? 'all steps together' : action + picked}`;
      const number = this.#instances.push({ isStrong: strength === 'strong', description }) - 1;
      this.#numbers.set(key, number);
      this.words = (number >>> 5) + 1;
      return [number];
    });
  }
}
