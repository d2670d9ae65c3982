/**
 * The memory of the loop, as integers at addresses; what its tables say; and what it has to ask.
 */
import * as p from './places.ts';

/** `code.ts` */
export const unknown: i32 = 0;
export const nothing: i32 = 1;

let question: i32 = 0;

/** Begins anew: nothing is asked. */
export function begin(): void {
  question = p.done;
  set(p.judged, 0);
}

/** What is asked. */
export function asked(): i32 {
  return question;
}

/** Whether something is asked: whatever is being done has to be left then. */
export function isAsking(): boolean {
  return question != p.done;
}

export function get(at: i32): i32 {
  return load<i32>(<usize>at);
}

export function set(at: i32, value: i32): void {
  store<i32>(<usize>at, value);
}

/** Adds one to a count of 64 bits. */
export function count(at: i32): void {
  store<i64>(<usize>at, load<i64>(<usize>at) + 1);
}

export function ask(what: i32, subject: i32, detail: i32): void {
  question = what;
  set(p.subject, subject);
  set(p.detail, detail);
}

/** The code, or the cell, that a table has for a number; 0 where it is not known. */
export function cell(table: i32, length: i32, id: i32): i32 {
  return <u32>id < <u32>length ? get(table + (id << 2)) : 0;
}

/** What a table has for the number of its group: the address of the number, the table, and its length stand one after the other. */
export function told(at: i32): i32 {
  return cell(get(at + 4), get(at + 8), get(get(at)));
}

/** Reads the group numbers of a row: it is the state before a step. */
export function unpack(start: i32): void {
  let id = get(p.before);
  let field = get(p.fields);
  const end = field + get(p.groupCount) * p.fieldSize;
  for (; field < end; field += p.fieldSize, id += 4) {
    set(id, (get(start + get(field)) >>> get(field + 4)) & get(field + 8));
  }
}

/** Makes the state after a step that before it. */
export function standStill(): void {
  memory.copy(<usize>(get(p.before) + get(p.afterDistance)), <usize>get(p.before), <usize>(get(p.groupCount) << 2));
}
