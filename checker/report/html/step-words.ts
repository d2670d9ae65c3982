/** A step in a few words, for a row: of a delivery what arrives where, rather than the names of its parameters. */
import { isRecord, show, showCall, type RecordValue } from '../../value/index.ts';

/** The words of a step. */
export interface StepWords {
  /** The action; of a fault that befalls a message, also the type of the message. */
  readonly title: string;
  /** Whose message it is: `s1 → s2`. */
  readonly route?: string;
  /** What the message says, or the other parameters. */
  readonly detail?: string;
}

/**
 * Says what a step does: `vote`, `s1 → s2`, `{granted: true}`; of steps that are not about a message the call as it is.
 *
 * @param action - `null` for an initial state, and for a step of which the action is not known
 * @param name - the call as text, `vote(to=s2, message={…})`
 */
export function stepWords(action: string | null, parameters: RecordValue, name: string): StepWords {
  const { to, message, type, ...others } = parameters;
  if (action === null || typeof to !== 'string' || message === undefined || !isRecord(message)) return { title: name };
  const { from, type: ownType, ...fields } = message;
  if (typeof from !== 'string') return { title: name };
  // Where a message was taken from is told by its sender.
  const { from: _, position: __, ...rest } = others;
  const kind = [type, ownType].find((text) => typeof text === 'string' && text !== action);
  const called = Object.keys(rest).length === 0 ? [] : [showCall('', rest)];
  const detail = [...(Object.keys(fields).length === 0 ? [] : [show(fields)]), ...called].join(' ');
  return {
    title: kind === undefined ? action : `${action} ${kind as string}`,
    route: `${from} → ${to}`,
    ...(detail !== '' && { detail }),
  };
}
