import { describe, expect, test } from 'vitest';

import { conditionAt } from './condition-text.ts';

/** The condition at the mark, which is not part of the source. */
function at(marked: string): string | undefined {
  const offset = marked.indexOf('▮');
  const before = marked.slice(0, offset).split('\n');
  return conditionAt(marked.replace('▮', ''), before.length, before.at(-1)!.length + 1);
}

describe('the condition at a place', () => {
  test('is the conjunct of a property', () => {
    expect(at('invariants: { ok: (s, { n }) => s.a === 1 && s.▮b < n && s.c },')).toBe('s.b < n');
    expect(at('invariants: { ok: (s) => s.▮a && s.b }')).toBe('s.a');
    expect(at('({ ok: (s) =>\n  s.a && // why\n  !s.b[▮0],\n other: 1 })')).toBe('!s.b[0]');
  });

  test('is whole where it is no conjunction', () => {
    expect(at('({ ok: (s) => s.a || (s.b && s.▮c), other })')).toBe('s.a || (s.b && s.c)');
    expect(at('({ ok: (s) => !(s.a && s.▮c) })')).toBe('!(s.a && s.c)');
  });

  test('holds the callbacks in it, and is that of the innermost function', () => {
    const property = "door((s, { RM }) => s.x && RM.▮every((r) => s.y[r] !== 'a' && s.z))";
    expect(at(property)).toBe("RM.every((r) => s.y[r] !== 'a' && s.z)");
    expect(at(property.replace('▮', '').replace('s.y[r]', 's.▮y[r]'))).toBe("s.y[r] !== 'a'");
  });

  test('is that of a return, or the statement, in a body', () => {
    expect(at('({ ok(s) {\n  const n = s.n;\n  return n > 1 && s.▮m;\n} })')).toBe('s.m');
    expect(at('({ act(s) { when(s.▮x === 1); s.x = 2; } })')).toBe('when(s.x === 1)');
    expect(at('function f(s) { for (const x of s.xs) if (x.▮bad) return false; return true; }')).toBe(
      'for (const x of s.xs) if (x.bad) return false',
    );
  });

  test('is not confused by texts, templates and regular expressions', () => {
    expect(at("({ ok: (s) => s.a !== '&& {' && `${s.b} && (` !== s.▮c && /[&]{/.test(s.d) })")).toBe(
      '`${s.b} && (` !== s.c',
    );
  });

  test('is not there where the place is not', () => {
    expect(conditionAt('a && b', 7, 1)).toBeUndefined();
  });
});
