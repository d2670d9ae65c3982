/** An explanation in words. */
import { show } from '../value/index.ts';
import type { CodePlace, DecidingElements, Explanation } from './explanation.ts';

/** A code place after what stands there: `RM.every(…) (spec.ts:40)`. */
function placeText({ file, line, text }: CodePlace): string {
  return text === undefined ? `${file}:${line}` : `${text}  (${file}:${line})`;
}

/** The sections of an explanation, each a sentence that ends in a colon and lines below it. */
export interface ExplanationPart {
  readonly sentence: string;
  readonly lines: readonly string[];
}

/**
 * Puts an explanation into words: what decided the property, of which elements, and why the last step was possible.
 *
 * @param stepName - of the last step
 */
export function explanationParts(
  { decidedAt, elements, lastStep }: Explanation,
  stepName: (step: number) => string,
): readonly ExplanationPart[] {
  const parts: ExplanationPart[] = [];
  if (decidedAt !== undefined) {
    parts.push({ sentence: 'The condition that it came to', lines: [placeText(decidedAt)] });
  }
  if (elements.length > 0) parts.push({ sentence: 'which was decided by', lines: elements.map(elementsText) });
  if (lastStep !== undefined && lastStep.guards.length + lastStep.reads.length > 0) {
    const { step, guards, reads } = lastStep;
    const read = reads.map(({ path, seen }) => `${path} = ${seen}`);
    const sentence = `Step ${step}, ${stepName(step)}, was possible, since ${guards.length > 0 ? 'this held' : 'it read'}`;
    parts.push({ sentence, lines: guards.length > 0 ? guards.map(placeText) : read });
    if (guards.length > 0 && read.length > 0) parts.push({ sentence: 'where it read', lines: read });
  }
  return parts;
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
