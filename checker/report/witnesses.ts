/**
 * Which elements decided a quantifier: of an `every` that is false the element that broke it, of a `some` that is true the
 * one that satisfied it.
 *
 * User code runs once more with `every` and `some` of arrays, sets and bags replaced by versions that note what they did.
 * They are put back before anything else runs.
 */
import { framesOf } from '../core/index.ts';
import { BagApi, SetApi, type Value } from '../value/index.ts';

/** A quantifier that one element decided. */
export interface Witness {
  readonly quantifier: 'every' | 'some';
  /** What the callback calls the element; `element` where it takes it apart. */
  readonly name: string;
  readonly element: Value;
  /** The quantifiers inside the callback that were decided for this element, the last of each nesting. */
  readonly inner: readonly Witness[];
}

/** More are no explanation. */
const most = 200;

/** Files of this package that pass calls on. */
const passing = /\/spec\/(?:watched|immer-draft)\.[jt]s$/;

type Test = (...args: readonly unknown[]) => unknown;
type Quantifier = (this: unknown, test: Test, ...rest: readonly unknown[]) => boolean;
type Holder = Record<'every' | 'some', Quantifier>;

/**
 * Runs a task and notes which elements decided the quantifiers that user code in it called.
 *
 * @param clone - makes an element that can be kept of one that may be a draft
 * @returns the outermost, in the order in which they were decided
 */
export function witnessesOf(task: () => void, clone: (element: unknown) => Value): readonly Witness[] {
  let open: Witness[] = [];
  const outermost = open;
  const holders = [Array.prototype, SetApi.prototype, BagApi.prototype] as unknown as readonly Holder[];
  const originals = holders.map(({ every, some }) => ({ every, some }));
  const noted = (quantifier: 'every' | 'some', original: Quantifier): Quantifier =>
    function quantify(this: unknown, test, ...rest) {
      if (outermost.length >= most || typeof test !== 'function' || !isCalledByUser(quantify)) {
        return original.call(this, test, ...rest);
      }
      const outer = open;
      return original.call(this, (...args: readonly unknown[]) => {
        open = [];
        let holds: unknown;
        try {
          holds = test(...args);
        } finally {
          const inner = open;
          open = outer;
          if (holds !== undefined && Boolean(holds) === (quantifier === 'some')) {
            outer.push({ quantifier, name: nameOf(test), element: clone(args[0]), inner });
          }
        }
        return holds;
      });
    };
  try {
    holders.forEach((holder, i) => {
      holder.every = noted('every', originals[i]!.every);
      holder.some = noted('some', originals[i]!.some);
    });
    task();
  } finally {
    holders.forEach((holder, i) => Object.assign(holder, originals[i]));
  }
  return outermost;
}

/** Whether a call comes from user code, perhaps through the proxies that watch it. */
function isCalledByUser(callee: Quantifier): boolean {
  const here = new Error('here');
  Error.captureStackTrace(here, callee);
  return framesOf(here).find(({ file }) => !passing.test(file))?.isUserCode === true;
}

/** What a callback calls its first parameter. */
function nameOf(test: Test): string {
  const [, name] =
    /^(?:async\s+)?(?:function\b[^(]*\(|\()?\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*(?=[,)=])/u.exec(String(test)) ?? [];
  return name ?? 'element';
}
