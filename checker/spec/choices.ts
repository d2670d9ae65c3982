/**
 * Nondeterminism by running again: enumerates the sequences of choices that a function can make.
 *
 * A user's function is run once for each sequence. In every run the choices made so far are repeated and the first
 * new one takes the first element of its domain; `advance` then moves the last choice that has another element. This
 * is depth-first search over choice sequences, and needs no generators, no rewriting and nothing from the user.
 */
import { BivalentError } from '../core/index.ts';
import { BagApi, canonical, MapApi, SetApi, show, sortedDistinct } from '../value/index.ts';
import type { RecordValue, Value } from '../value/index.ts';
import { noChoice } from './system.ts';
import type { Choose } from './system.ts';

interface Choice {
  readonly name: string;
  readonly domain: readonly Value[];
  index: number;
}

/**
 * One enumeration. Use: `do run(choices.choose) while (choices.advance())`.
 *
 * Sequences come in the order of their choices: by the first, then the second, …, each in the order of values.
 */
export class Choices {
  private readonly made: Choice[] = [];
  private next = 0;

  /** Makes the next choice of this run. */
  readonly choose: Choose = (name, domain) => {
    const elements = domainElements(name, domain);
    const known = this.made[this.next];
    if (known !== undefined && (known.name !== name || known.domain.length !== elements.length)) {
      throw new BivalentError(
        'spec/impure',
        `after the same choices as before, pick was called for ${name} (${String(elements.length)} elements), where it had been called for ${known.name} (${String(known.domain.length)} elements): this code depends on something beside the state`,
      );
    }
    if (elements.length === 0) return noChoice;
    const choice = known ?? { name, domain: elements, index: 0 };
    if (known === undefined) this.made.push(choice);
    this.next += 1;
    return elements[choice.index]!;
  };

  /** The choices of this run by name, in the order in which they were made. */
  parameters(): RecordValue {
    const parameters: Record<string, Value> = {};
    for (const { name, domain, index } of this.made.slice(0, this.next)) parameters[name] = domain[index]!;
    return Object.freeze(parameters);
  }

  /** Moves to the next sequence of choices; `false` when there is none left. */
  advance(): boolean {
    this.next = 0;
    for (let last = this.made.at(-1); last !== undefined; last = this.made.at(-1)) {
      last.index += 1;
      if (last.index < last.domain.length) return true;
      this.made.pop();
    }
    return false;
  }
}

/** The elements of arrays that are canonical, constants above all: they cannot change. */
const known = new WeakMap<object, readonly Value[]>();

/**
 * The different elements of a domain: canonical, in the order of values. A map has its `[key, value]` pairs.
 *
 * @throws BivalentError `spec/domain` where it is not something to choose from
 */
export function domainElements(name: string, domain: unknown): readonly Value[] {
  if (domain instanceof SetApi) return domain.elements() as readonly Value[];
  if (domain instanceof BagApi) return (domain.pairs() as readonly (readonly [Value, number])[]).map(([x]) => x);
  if (domain instanceof MapApi) return canonical(domain.pairs()) as readonly Value[];
  if (typeof domain !== 'object' || domain === null || !(Symbol.iterator in domain)) throw notADomain(name, domain);
  const before = known.get(domain);
  if (before !== undefined) return before;
  const elements = sortedDistinct(Array.from(domain as Iterable<unknown>, canonical));
  if (Array.isArray(domain) && canonical(domain) === domain) known.set(domain, elements);
  return elements;
}

function notADomain(name: string, domain: unknown): BivalentError {
  const isRecord = typeof domain === 'object' && domain !== null;
  const found = isRecord ? 'a record' : typeof domain === 'string' ? show(domain) : String(domain);
  const advice = isRecord ? 'for its keys use Object.keys' : 'give an array, a set, a map or a bag';
  return new BivalentError('spec/domain', `nothing can be chosen for ${name} from ${found}: ${advice}`);
}
