/** Random formulas and conditions of fairness, for tests. */
import * as fc from 'fast-check';

import type { FairnessCondition, FormulaNode } from '../spec/index.ts';

/** What formulas may speak of: predicates by number, and steps by action and picks. */
export interface Vocabulary {
  readonly predicates: number;
  readonly actions: readonly string[];
  /** Picks that a step may be asked for. */
  readonly picks: readonly { readonly action: string; readonly parameters: Readonly<Record<string, number>> }[];
}

/** Formulas with at most three temporal operators. */
export function randomFormula({ predicates, actions, picks }: Vocabulary): fc.Arbitrary<FormulaNode> {
  const states = Array.from({ length: predicates }, (_, predicate): FormulaNode => ({ op: 'state', predicate }));
  const steps = [
    ...actions.map((action): FormulaNode => ({ op: 'taken', action, parameters: {} })),
    ...picks.map(({ action, parameters }): FormulaNode => ({ op: 'taken', action, parameters })),
  ];
  const constants: FormulaNode[] = [{ op: 'true' }, { op: 'false' }];
  const { formula } = fc.letrec<{ formula: FormulaNode }>((tie) => ({
    formula: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(fc.constantFrom(...(states.length > 0 ? states : constants)), fc.constantFrom(...steps)),
      fc.record({ op: fc.constantFrom('not', 'next'), of: tie('formula') }) as fc.Arbitrary<FormulaNode>,
      fc.record({
        op: fc.constantFrom('and', 'or'),
        parts: fc.array(tie('formula'), { minLength: 1, maxLength: 2 }),
      }) as fc.Arbitrary<FormulaNode>,
      fc.record({
        op: fc.constantFrom('until', 'release'),
        left: fc.oneof(fc.constantFrom(...constants), tie('formula')),
        right: tie('formula'),
      }) as fc.Arbitrary<FormulaNode>,
    ),
  }));
  return formula.filter((node) => temporalOperators(node) <= 3);
}

/** Up to three conditions. */
export function randomFairness(
  actions: readonly string[],
  picks: readonly string[],
): fc.Arbitrary<FairnessCondition[]> {
  const ofActions = fc.record<FairnessCondition>({
    strength: fc.constantFrom('weak', 'strong'),
    action: fc.constantFrom(...actions),
    each: fc.constantFrom<FairnessCondition['each']>([], 'all', ...picks.map((pick) => [pick])),
  });
  // Of all steps together there is one condition, whatever they pick: progress.
  const ofAll = fc.record<FairnessCondition>({
    strength: fc.constantFrom('weak', 'strong'),
    action: fc.constant(undefined),
    each: fc.constant([]),
  });
  return fc.array(fc.oneof({ arbitrary: ofActions, weight: 2 }, ofAll), { maxLength: 3 });
}

function temporalOperators(node: FormulaNode): number {
  switch (node.op) {
    case 'not':
      return temporalOperators(node.of);
    case 'next':
      return 1 + temporalOperators(node.of);
    case 'and':
    case 'or':
      return node.parts.reduce((sum, part) => sum + temporalOperators(part), 0);
    case 'until':
    case 'release':
      return 1 + temporalOperators(node.left) + temporalOperators(node.right);
    default:
      return 0;
  }
}
