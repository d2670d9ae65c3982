import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { bind, successors, type Spec } from '../../checker/spec/index.ts';
import { temporaryFolder } from '../../checker/temporary-folder.test-support.ts';
import { canonical, fromJson, show, type RecordValue } from '../../checker/value/index.ts';
import twoPhaseCommit from '../../specs/two-phase-commit/two-phase-commit.ts';
import { quintMissing, runQuint } from './contestant.ts';

const missing = quintMissing();

/** What Quint writes of a sum type. */
interface Tagged {
  readonly tag: string;
  readonly value: unknown;
}

/** The name of a manager, which is a number in Quint. */
const managerOf = (rm: unknown): string => `rm${show(fromJson(rm))}`;

/** A state of the model in Quint as one of the spec. */
function stateOf(itf: Record<'rmState' | 'tmState' | 'tmPrepared' | 'messages', unknown>): RecordValue {
  const managers = itf.rmState as { readonly '#map': readonly (readonly [unknown, Tagged])[] };
  const prepared = itf.tmPrepared as { readonly '#set': readonly unknown[] };
  const messages = itf.messages as { readonly '#set': readonly Tagged[] };
  return canonical({
    rmState: Object.fromEntries(managers['#map'].map(([rm, { tag }]) => [managerOf(rm), tag.toLowerCase()])),
    tmState: (itf.tmState as Tagged).tag.replace('Tm', '').toLowerCase(),
    tmPrepared: new Set(prepared['#set'].map(managerOf)),
    messages: new Set(
      messages['#set'].map(({ tag, value }) =>
        tag === 'PreparedBy' ? { type: 'prepared', rm: managerOf(value) } : { type: tag.toLowerCase() },
      ),
    ),
  }) as RecordValue;
}

describe.skipIf(missing !== undefined)(
  `Quint takes the steps of the spec${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('two-phase commit', async () => {
      const system = bind(twoPhaseCommit as unknown as Spec, { constants: { RM: 9 } });
      const folder = temporaryFolder();
      const walks = { walks: 40, depth: 30 };
      const count = 20;
      const traces = ['--n-traces', String(count), '--out-itf', join(folder, '{seq}.itf.json')];
      await runQuint('two-phase-commit.qnt', walks, ...traces);
      for (let i = 0; i < count; i++) {
        const { states } = JSON.parse(readFileSync(join(folder, `${i}.itf.json`), 'utf8')) as {
          states: readonly Parameters<typeof stateOf>[0][];
        };
        const [first, ...rest] = states.map(stateOf) as [RecordValue, ...RecordValue[]];
        expect(system.initialStates.map(show)).toContain(show(first));
        let before = first;
        for (const state of rest) {
          expect(successors(system, before).map((step) => show(step.state))).toContain(show(state));
          before = state;
        }
      }
    });
  },
);
