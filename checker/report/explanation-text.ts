/** An explanation in words. */
import { show } from '../value/index.ts';
import type { BlockedAction } from './blocked.ts';
import type { CodePlace } from './code-places.ts';
import type { DecidingElements, Explanation } from './explanation.ts';

/** A code place after what stands there: `RM.every(…)  (spec.ts:40)`. */
export function placeText({ file, line, text }: CodePlace): string {
  return text === undefined ? `${file}:${line}` : `${text}  (${file}:${line})`;
}

/** A sentence, and lines that belong below it. */
export interface ExplanationPart {
  readonly sentence: string;
  readonly lines: readonly string[];
}

/** What decided the property, and of which elements; of a deadlock, what stands against each action. */
export function decisionParts({ decidedAt, elements, blocked }: Explanation): readonly ExplanationPart[] {
  const parts: ExplanationPart[] = [];
  if (decidedAt !== undefined) parts.push({ sentence: 'The condition that it came to', lines: [placeText(decidedAt)] });
  if (elements.length > 0) parts.push({ sentence: 'which was decided by', lines: elements.map(elementsText) });
  if (blocked !== undefined)
    parts.push({ sentence: 'Of each action, what stands against it', lines: blocked.map(blockedText) });
  return parts;
}

/**
 * Why the last step was possible.
 *
 * @param stepName - of a step by its number
 */
export function lastStepParts(
  { lastStep }: Explanation,
  stepName: (step: number) => string,
): readonly ExplanationPart[] {
  if (lastStep === undefined || lastStep.guards.length + lastStep.reads.length === 0) return [];
  const { step, guards, reads } = lastStep;
  const possible = `Step ${step}, ${stepName(step)}, was possible`;
  const read = reads.map(({ path, seen }) => `${path} = ${seen}`);
  if (guards.length === 0) return [{ sentence: `${possible}, as it read`, lines: read }];
  const held = { sentence: `${possible}, as this held`, lines: guards.map(placeText) };
  return read.length === 0 ? [held] : [held, { sentence: 'where it read', lines: read }];
}

function blockedText({ action, guard, empty }: BlockedAction): string {
  if (empty !== undefined) return `${action}: there is nothing to choose from for ${empty}`;
  return `${action}: ${guard === undefined ? 'no message, node or fault for it' : `${placeText(guard)} is false`}`;
}

function elementsText({ quantifier, elements }: DecidingElements): string {
  const named = elements.map(({ name, element }) => `${name} = ${show(element)}`).join(', ');
  return quantifier === 'every' ? `every, which is false of ${named}` : `some, which is true of ${named}`;
}

/** Steps that were enabled and not taken: `begin, crash ×3`. */
export function alternativesText(counts: Readonly<Record<string, number>>): string {
  const each = Object.entries(counts).map(([action, count]) => (count === 1 ? action : `${action} ×${count}`));
  return each.length === 0 ? 'no other step was enabled' : `not taken: ${each.join(', ')}`;
}

/** Why there is no simpler counterexample of its length, as a sentence; nothing where that is not known, or goes without saying. */
export function comparisonText({ compared }: Explanation, steps: number): string | undefined {
  if (compared === undefined || compared === 'nothing') return undefined;
  const faults = `Of all counterexamples of ${steps === 1 ? '1 step' : `${steps} steps`} none has fewer faults`;
  return compared === 'faults' ? faults : `${faults}, and of those none fewer messages`;
}
