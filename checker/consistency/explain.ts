/**
 * Why a history is not linearizable: the fewest operations that cannot be put into order, whatever the others did.
 *
 * Leaving an operation out is not harmless: without a write, the reads of its value have no explanation, and any such
 * read would be a "counterexample". So an operation is not left out but *relaxed*: it may take effect at any moment
 * after its call, or never, with any answer. What remains, when no further operation can be relaxed without the history
 * becoming linearizable, is a reason that does not depend on anything else; and it is itself a history that is not
 * linearizable.
 */
import { checkLinearizable } from './linearizable.ts';
import type { SearchLimits } from './limits.ts';
import type { SequentialModel } from './model.ts';
import type { Operation } from './operation.ts';

/** A minimal reason. */
export interface LinearizabilityExplanation {
  /** The operations that cannot be ordered, in the order of their calls. */
  readonly operations: readonly Operation[];
  /** Whether it was shown for each of them that it cannot be relaxed; a limit may have stopped that. */
  readonly isMinimal: boolean;
}

/** A search among relaxed operations may be far larger than the one that found the violation. */
const maxConfigurations = 5000;
/** All attempts together: beyond it, what was found so far is the explanation. */
const maxTotal = 250_000;

/**
 * Finds a minimal reason for a violation.
 *
 * Operations that are called after the answer that could not be reached are dropped at once. The rest are relaxed in
 * halves, quarters and so on, as in delta debugging, from the oldest: what is close to the failure tends to matter.
 *
 * @param operations - a part of a history that was found not to be linearizable
 * @param blocked - the answer that could not be reached
 *
 * Cost: one search for each attempt, each limited to 5000 configurations and all to 250,000; about n log n attempts.
 */
export function explainViolation<S>(
  operations: readonly Operation[],
  blocked: Operation,
  model: SequentialModel<S>,
  limits: Pick<SearchLimits, 'shouldStop'> = {},
): LinearizabilityExplanation {
  const prefix = operations
    .filter(({ invoked }) => invoked <= blocked.returned)
    .map((operation) => (operation.returned > blocked.returned ? relaxed(operation) : operation))
    .sort((a, b) => a.invoked - b.invoked);
  const isFirm = prefix.map(({ returned }) => returned !== Infinity);
  let isMinimal = true;
  let spent = 0;
  /** Relaxes these if the history stays a violation. */
  const relax = (from: number, to: number): void => {
    const firm = isFirm.map((was, i) => was && (i < from || i >= to));
    const history = prefix.map((operation, i) => (firm[i] === true ? operation : relaxed(operation)));
    const { verdict, configurations } = checkLinearizable(history, model, { ...limits, maxConfigurations });
    spent += configurations;
    if (verdict === 'violation') isFirm.splice(0, isFirm.length, ...firm);
    else if (verdict === 'inconclusive' && to - from === 1) isMinimal = false;
  };
  for (let size = 2 ** Math.ceil(Math.log2(Math.max(prefix.length, 1))); size >= 1; size /= 2) {
    for (let from = 0; from < prefix.length; from += size) {
      if (spent > maxTotal || limits.shouldStop?.() === true)
        return { operations: prefix.filter((_, i) => isFirm[i]), isMinimal: false };
      if (isFirm.slice(from, from + size).some(Boolean)) relax(from, from + size);
    }
  }
  // Relaxing one operation may have freed another that was tried before it.
  for (let count = 0; count !== isFirm.filter(Boolean).length;) {
    count = isFirm.filter(Boolean).length;
    for (const i of isFirm.keys()) {
      if (spent > maxTotal) return { operations: prefix.filter((_, j) => isFirm[j]), isMinimal: false };
      if (isFirm[i] === true) relax(i, i + 1);
    }
  }
  return { operations: prefix.filter((_, i) => isFirm[i]), isMinimal };
}

function relaxed(operation: Operation): Operation {
  return { ...operation, output: undefined, returned: Infinity };
}
