import { expect, test } from 'vitest';

import { schemaErrors } from '../../checker/report/schema.test-support.ts';
import { textSource } from '../reader/index.ts';
import { historyDocument, judgeHistory, modelNamed, readHistory, type Consistency } from './index.ts';

async function document(text: string, model: string, consistency?: Consistency, maxConfigurations?: number) {
  const log = await readHistory([textSource('history', text)]);
  const limits = maxConfigurations === undefined ? {} : { maxConfigurations };
  const of = modelNamed(model, { initial: 0 })!;
  return historyDocument(judgeHistory(log, { model: of, limits, ...(consistency !== undefined && { consistency }) }));
}

const large = '9007199254740993';
const stale = `{:process 0, :type :invoke, :f :write, :value ${large}}
{:process 0, :type :ok, :f :write, :value ${large}}
{:process 1, :type :invoke, :f :cas, :value [7 8]}
{:process 2, :type :invoke, :f :read, :value nil}
{:process 2, :type :ok, :f :read, :value 0}
{:process 1, :type :info, :f :cas, :value [7 8]}
`;
const ownWrite = stale.replaceAll(/.*:cas.*\n/g, '').replaceAll(':process 2', ':process 0');
const skew = '{:type :ok, :value [[:r :x nil] [:w :y 1]]}\n{:type :ok, :value [[:r :y nil] [:w :x 1]]}';
const lostElement = `{:process 0, :type :invoke, :f :add, :value 1}
{:process 0, :type :ok, :f :add, :value 1}
{:process 0, :type :invoke, :f :read, :value nil}
{:process 0, :type :ok, :f :read, :value #{}}
`;

test('a document says what cannot be ordered, whatever its values are', async () => {
  const verdict = await document(stale, 'register');
  const write = {
    process: 0,
    f: 'write',
    input: { '#bigint': large },
    output: { '#bigint': large },
    invoked: 0,
    returned: 1,
    line: 1,
  };
  const read = { process: 2, f: 'read', input: null, output: 0, invoked: 3, returned: 4, line: 4 };
  expect(JSON.parse(JSON.stringify(verdict))).toEqual({
    schemaVersion: 1,
    result: 'violation',
    model: 'register',
    consistency: 'linearizable',
    operations: 3,
    notes: [],
    findings: [
      {
        name: 'not linearizable',
        explanation:
          '1 operation can be put into order; the answer of line 4 cannot be reached. 2 operations cannot be ordered, whatever the others did.',
        operations: [write, read],
      },
    ],
    parts: [
      { result: 'violation', operations: 3, linearized: 1, blocked: read, minimal: [write, read], isMinimal: true },
    ],
  });
});

const cases: readonly (readonly [of: string, text: string, model: string, claim: Consistency])[] = [
  ['a violation', stale, 'register', 'linearizable'],
  ['a history that satisfies what is claimed', stale, 'register', 'sequential'],
  ['a violation of a session guarantee', ownWrite, 'register', 'read-your-writes'],
  ['a violation of a causal model', ownWrite, 'register', 'causal'],
  ['transactions', skew, 'rw-register', 'serializable'],
  ['an observation', lostElement, 'set-full', 'linearizable'],
];

test.each(cases)('the document of %s is as the schema says', async (_, text, model, claim) => {
  expect(schemaErrors(await document(text, model, claim), 'history')).toBeNull();
});

test('the document of a search that a limit ended is as the schema says', async () => {
  expect(schemaErrors(await document(stale, 'register', 'linearizable', 1), 'history')).toBeNull();
});
