/**
 * The one field of a set, map or bag: an opaque box around a sorted, frozen array.
 *
 * A change puts another box in the field. So a library of drafts (immer) that copies an object when a field is
 * assigned gives copy-on-write for nothing, and it never drafts the elements, since the box is no plain object.
 */

/** The name of the field. */
export const held: unique symbol = Symbol('held');

/** By this static property immer knows the classes of which it may make drafts. */
export const draftable: unique symbol = Symbol.for('immer-draftable') as never;

/** The box. Nothing inside it changes. */
export class Box<T> {
  readonly content: T;

  constructor(content: T) {
    this.content = content;
    Object.freeze(this);
  }
}
