/**
 * Whether a formula can tell a behaviour from the same behaviour with steps added that change nothing.
 *
 * Sufficient, not necessary: a formula is taken to be invariant under stuttering where it does not use `next`, and where
 * it speaks of steps only inside an `eventually` of something that a stuttering step makes false, or inside an `always`
 * of something that it makes true. TLA+: formulas of TLA are `[]` of `[A]_v` and `<>` of `⟨A⟩_v`.
 */
import type { FormulaNode } from '../spec/index.ts';

/** Whether adding or removing steps that change nothing cannot change what a formula says of a behaviour. */
export function isStutteringInvariant(node: FormulaNode): boolean {
  switch (node.op) {
    case 'next':
    case 'taken':
      return false;
    case 'not':
      return isStutteringInvariant(node.of);
    case 'and':
    case 'or':
      return node.parts.every(isStutteringInvariant);
    case 'until':
      if (node.left.op === 'true' && isOfNow(node.right) && ofStuttering(node.right) === false) return true;
      return isStutteringInvariant(node.left) && isStutteringInvariant(node.right);
    case 'release':
      if (node.left.op === 'false' && isOfNow(node.right) && ofStuttering(node.right) === true) return true;
      return isStutteringInvariant(node.left) && isStutteringInvariant(node.right);
    default:
      return true;
  }
}

/** Whether a formula speaks of one state and the step from it alone. */
function isOfNow(node: FormulaNode): boolean {
  switch (node.op) {
    case 'not':
      return isOfNow(node.of);
    case 'and':
    case 'or':
      return node.parts.every(isOfNow);
    default:
      return node.op !== 'next' && node.op !== 'until' && node.op !== 'release';
  }
}

/** What a formula of now says of a stuttering step, whatever the state; undefined where that depends on the state. */
function ofStuttering(node: FormulaNode): boolean | undefined {
  switch (node.op) {
    case 'true':
      return true;
    case 'false':
    case 'taken':
      return false;
    case 'not': {
      const of = ofStuttering(node.of);
      return of === undefined ? undefined : !of;
    }
    case 'and':
    case 'or': {
      const parts = node.parts.map(ofStuttering);
      const decisive = node.op === 'or';
      if (parts.includes(decisive)) return decisive;
      return parts.includes(undefined) ? undefined : !decisive;
    }
    default:
      return undefined;
  }
}
