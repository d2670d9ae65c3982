import { describe, expect, test } from 'vitest';

import { resultWith, state, violation } from './result.test-support.ts';
import { textReport } from './text.ts';

const figures = `  1,234 distinct states, 56,789 generated, depth 12
  0.50 s, 2,468 states/s, 31 bytes a state, 45 calls of actions, 6 of properties
  processes = ['p1', 'p2'], rounds = 2

  action  taken  new states
  enter   1,000         900
  leave      20           3
`;

describe('the report of a result', () => {
  test('begins with the verdict, then says how much was seen and how', () => {
    expect(textReport(resultWith())).toBe(`✓ Mutex holds in every reachable state\n\n${figures}`);
  });

  test('numbers the steps of a counterexample, shows what each changes, and what the property read', () => {
    expect(textReport(resultWith({ result: 'violation', violation })))
      .toBe(`✗ Mutex violates mutualExclusion after 2 steps

  0  initial state
       inside  {p1: false, p2: false}
       sent    Set{}
  1  enter(p=p1)
       inside.p1  false → true
       sent       + {from: 'p1'}
  2  enter(p=p2)
       inside.p2  false → true
       sent       - {from: 'p1'}
                  + {from: 'p2'}

  mutualExclusion(a=p1, b=p2) is false in state 2, where it read
    inside.p1  true
    inside.p2  true

${figures}`);
  });

  test('says of a deadlock that nothing can happen', () => {
    const stuck = {
      ...violation,
      kind: 'deadlock',
      name: 'deadlock',
      read: [],
      trace: violation.trace.slice(0, 2),
    } as const;
    const lines = textReport(resultWith({ result: 'violation', violation: stuck })).split('\n');
    expect(lines[0]).toBe('✗ Mutex deadlocks after 1 step');
    expect(lines[9]).toBe('  No action is enabled in state 1, and it is not one in which the spec may end');
  });

  test('says of a transition invariant in which step it fails', () => {
    const step = { ...violation, kind: 'transition', read: [] } as const;
    const lines = textReport(resultWith({ result: 'violation', violation: step })).split('\n');
    expect(lines[13]).toBe('  mutualExclusion(a=p1, b=p2) is false in the step from state 1 to 2');
  });

  test('says of an initial state that it is one', () => {
    const initial = { ...violation, trace: violation.trace.slice(0, 1) };
    const [first] = textReport(resultWith({ result: 'violation', violation: initial })).split('\n');
    expect(first).toBe('✗ Mutex violates mutualExclusion in an initial state');
  });

  test('says where a lasso goes back to', () => {
    const lasso = { ...violation, kind: 'temporal', read: [], loopsTo: 1 } as const;
    const lines = textReport(resultWith({ result: 'violation', violation: lasso })).split('\n');
    expect(lines[0]).toBe('✗ Mutex violates mutualExclusion in a lasso of 2 steps');
    expect(lines[12]).toBe('  which is state 1 again, and so on for ever');
    expect(lines[14]).toBe(
      '  mutualExclusion(a=p1, b=p2) does not hold of this behaviour, which repeats the steps after state 1 for ever',
    );
  });

  test('says of a behaviour that stops that it stays where it is', () => {
    const lasso = { ...violation, kind: 'temporal', read: [], loopsTo: 2 } as const;
    const lines = textReport(resultWith({ result: 'violation', violation: lasso })).split('\n');
    expect(lines[12]).toBe('  and stays there for ever');
  });

  test('says what is not possible, without a behaviour', () => {
    const unreached = { ...violation, kind: 'reachability', parameters: {}, read: [], trace: [] } as const;
    const lines = textReport(resultWith({ result: 'violation', violation: unreached })).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '✗ Mutex never reaches mutualExclusion',
      '',
      '  mutualExclusion is true of no reachable state',
      '',
    ]);
  });

  test('shows both sides of a refinement that fails', () => {
    const abstract = violation.trace.map((_, i) => ({ lock: i === 2 ? 'taken' : 'free' }));
    const refinement = { ...violation, kind: 'refinement', parameters: {}, read: [], abstract } as const;
    const text = textReport(resultWith({ result: 'violation', violation: refinement }));
    expect(text).toContain(`
  mutualExclusion: the abstract spec has no such step as that from state 1 to 2

  In the abstract spec:
    state 0: {lock: 'free'}
    state 2: {lock: 'taken'}
`);
  });

  test('says what was not judged', () => {
    const notes = ['not judged, since not every state was explored and found safe: served'];
    const text = textReport(resultWith({ result: 'incomplete', reason: 'stopped', notes }));
    expect(text.trimEnd().split('\n').at(-1)).toBe(`  ${notes[0]}`);
  });

  test('never calls a result whole that is not', () => {
    const incomplete = resultWith({ result: 'incomplete', reason: 'stopped at 1,234 states (--max-states 1234)' });
    expect(textReport(incomplete)).toBe(
      `? Mutex: incomplete, stopped at 1,234 states (--max-states 1234); no violation found\n\n${figures}`,
    );
    const sampled = resultWith({ result: 'sampled', reason: '10 random walks of at most 100 states (seed 7)' });
    expect(textReport(sampled).split('\n')[0]).toBe(
      '? Mutex: sampled, 10 random walks of at most 100 states (seed 7); no violation found',
    );
  });

  test('says on which walk a violation was found', () => {
    const reason = 'found on random walk 3 of 10 (seed 7) after 9 steps, shrunk to 2';
    const lines = textReport(resultWith({ result: 'violation', violation, reason, seed: 7 })).split('\n');
    expect(lines.slice(0, 4)).toEqual(['✗ Mutex violates mutualExclusion after 2 steps', '', `  ${reason}`, '']);
    expect(lines.at(-7)).toBe('  seed 7');
  });

  test('names the actions that were never enabled and the faults that never happened', () => {
    const actions = { enter: { taken: 1, distinct: 1 }, leave: { taken: 0, distinct: 0 } };
    expect(textReport(resultWith({ actions, faults: { crash: 2, loss: 0 } })))
      .toBe(`✓ Mutex holds in every reachable state

  1,234 distinct states, 56,789 generated, depth 12
  0.50 s, 2,468 states/s, 31 bytes a state, 45 calls of actions, 6 of properties
  processes = ['p1', 'p2'], rounds = 2

  action  taken  new states
  enter       1           1
  leave       0           0
  never enabled: leave
  faults that never happened: loss
`);
  });

  test('says how many states were audited, and what that shows', () => {
    const learning = { actionCalls: 45, invariantCalls: 6, audited: 58 };
    expect(textReport(resultWith({ learning })).split('\n')[3]).toBe(
      '  0.50 s, 2,468 states/s, 31 bytes a state, 45 calls of actions, 6 of properties, ' +
        '58 states audited (94 % sure to find an error in 1 of 20)',
    );
  });

  test('says how many states are on disk, and how large the files were', () => {
    const disk = { states: 1234, bytes: 30_000, peakBytes: 50 * 2 ** 20 };
    expect(textReport(resultWith({ disk })).split('\n')[3]).toBe(
      '  0.50 s, 2,468 states/s, 31 bytes a state, 1,234 states on disk (50 MiB at most), 45 calls of actions, 6 of properties',
    );
  });

  test('says how many steps a reduction skipped', () => {
    expect(textReport(resultWith({ skipped: 1500 })).split('\n')[2]).toBe(
      '  1,234 distinct states, 56,789 generated, 1,500 skipped, depth 12',
    );
  });

  test('splits what is too wide to be read: records into fields, changes into before and after', () => {
    const [first, second, longer] = ['a'.repeat(40), 'b'.repeat(50), 'b'.repeat(60)];
    const before = state({ nodes: { n1: first, n2: second } });
    const after = state({ nodes: { n1: first, n2: longer } });
    const trace = [
      { action: null, parameters: {}, state: before },
      { action: 'grow', parameters: {}, state: after },
      { action: 'idle', parameters: {}, state: after },
    ];
    const wide = { ...violation, trace };
    expect(
      textReport(resultWith({ result: 'violation', violation: wide }))
        .split('\n')
        .slice(2, 9),
    ).toEqual([
      '  0  initial state',
      `       nodes.n1  '${first}'`,
      `       nodes.n2  '${second}'`,
      '  1  grow',
      `       nodes.n2  - '${second}'`,
      `                 + '${longer}'`,
      '  2  idle',
    ]);
  });

  test('shows constants one on a line where there are many', () => {
    const constants = state({ first: 'a'.repeat(60), second: 'b'.repeat(60) });
    const lines = textReport(resultWith({ constants })).split('\n');
    expect(lines.slice(4, 6)).toEqual([`  first = '${'a'.repeat(60)}'`, `  second = '${'b'.repeat(60)}'`]);
    expect(textReport(resultWith({ constants: {} })).split('\n')[4]).toBe('');
  });

  test('changes only its colours for a terminal', () => {
    const result = resultWith({ result: 'violation', violation });
    const colored = textReport(result, { color: true });
    expect(colored).not.toBe(textReport(result));
    // oxlint-disable-next-line no-control-regex -- the escape character is what colours begin with
    expect(colored.replaceAll(/\u001B\[\d+m/g, '')).toBe(textReport(result));
  });
});
