/**
 * Drafts behind proxies that note every read of a plain value, and every question to a set, map or bag.
 *
 * They are for explaining one step or one state to people, not for exploring: they are slow.
 */
import { BagApi, canonical, MapApi, SetApi, show, type Value } from '../value/index.ts';

/** Told of a read: where, and as text what was found. */
export type NoteRead = (path: string, seen: string) => void;

/**
 * A draft that notes what is read of it.
 *
 * @param draft - what `openDraft` gave
 * @returns the same draft, to be handed to user code
 */
export function watched(draft: unknown, note: NoteRead): unknown {
  return watchedPart(draft, '', note);
}

function watchedPart(part: unknown, path: string, note: NoteRead): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (part instanceof SetApi || part instanceof MapApi || part instanceof BagApi)
    return watchedCollection(part, path, note);
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || typeof value === 'function') return value;
      const place =
        Array.isArray(target) && key !== 'length' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      if (typeof value === 'object' && value !== null) return watchedPart(value, place, note);
      note(place, value === undefined ? 'nothing' : show(value as Value));
      return value;
    },
  });
}

/** Collections answer questions: each is noted with its answer, and anything else as a read of the whole. */
function watchedCollection(collection: object, path: string, note: NoteRead): unknown {
  return new Proxy(collection, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') {
        if (key === 'size') note(`${path}.size`, String(value));
        return value;
      }
      return (...args: readonly unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, target, args);
        noteAnswer(path, String(key), args, answer, target, note);
        return answer;
      };
    },
  });
}

const questions = new Set(['has', 'get', 'count', 'where', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']);
const edits = new Set(['add', 'delete', 'set', 'clear', 'update']);

function noteAnswer(
  path: string,
  method: string,
  args: readonly unknown[],
  answer: unknown,
  whole: object,
  note: NoteRead,
): void {
  if (edits.has(method)) return;
  if (questions.has(method)) note(`${path}.${method}(${args.map(shown).join(', ')})`, shown(answer));
  else note(path, shown(whole));
}

function shown(x: unknown): string {
  if (x === undefined) return 'nothing';
  try {
    return show(canonical(x));
  } catch {
    // Something that cannot be in a state, such as a function that was passed.
    return typeof x;
  }
}
