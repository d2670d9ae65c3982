import { expect, test } from 'vitest';

import { bind, defineSpec, successors, when } from '../spec/index.ts';
import type { RecordValue } from '../value/index.ts';
import { causal, linearizable, sequential, type ObservedOperation } from './claims.ts';
import { register } from './models/register.ts';

const model = register({ initial: 0, nullReads: 'absent' });

/** One writer and one reader of a register with a cache, which may be read at any time. */
const cached = defineSpec({
  name: 'CachedRegister',
  init: () => ({ value: 0, cache: 0, clock: 0, history: [] as ObservedOperation[] }),
  actions: {
    write(s) {
      when(s.value === 0);
      s.value = 1;
      s.history.push({
        process: 'writer',
        f: 'write',
        input: 1,
        output: null,
        invoked: s.clock,
        returned: s.clock + 1,
      });
      s.clock += 2;
    },
    refresh(s) {
      when(s.cache !== s.value);
      s.cache = s.value;
    },
    read(s) {
      when(s.history.length < 3);
      s.history.push({
        process: 'reader',
        f: 'read',
        input: null,
        output: s.cache,
        invoked: s.clock,
        returned: s.clock + 1,
      });
      s.clock += 2;
    },
  },
});

/** The histories of all reachable states. */
function histories(): (readonly ObservedOperation[])[] {
  const system = bind(cached);
  const seen = new Map<string, RecordValue>();
  const frontier = [...system.initialStates];
  for (let state = frontier.pop(); state !== undefined; state = frontier.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.set(key, state);
    frontier.push(...successors(system, state).map((step) => step.state));
  }
  return [...seen.values()].map((state) => state['history'] as unknown as readonly ObservedOperation[]);
}

test('a stale cache breaks linearizability, and neither sequential nor causal consistency', () => {
  const all = histories();
  expect(all.some((history) => !linearizable(history, model))).toBe(true);
  expect(all.every((history) => sequential(history, model))).toBe(true);
  expect(all.every((history) => causal(history, 0))).toBe(true);
});

const read = (output: number): ObservedOperation => ({
  process: 1,
  f: 'read',
  input: null,
  output,
  invoked: 1,
  returned: 2,
});

test('an operation that is open may have taken effect, or not', () => {
  const write = { process: 0, f: 'write', input: 1, output: null, invoked: 0, returned: null };
  expect(linearizable([write, read(0)], model)).toBe(true);
  expect(linearizable([write, read(1)], model)).toBe(true);
  expect(linearizable([write, read(2)], model)).toBe(false);
});
