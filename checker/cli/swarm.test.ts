import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schemaErrors } from '../report/schema.test-support.ts';
import { bivalent, folderWith } from './command.test-support.ts';

/** Wrong only where one node did everything that it could, and the others nothing. */
const spec = `import { defineSpec, mapOf, nodes, when } from 'bivalent';
export default defineSpec({
  name: 'Lopsided',
  constants: { N: nodes('n', 8) },
  init: ({ N }) => ({ count: mapOf(N, () => 0) as Record<string, number> }),
  actions: {
    step(s, { N, pick }) {
      const { n } = pick({ n: N });
      when(s.count[n]! < 9);
      s.count[n]! += 1;
    },
  },
  invariants: {
    shared: (s, { N }) => !N.some((n) => s.count[n] === 9 && N.every((m) => m === n || s.count[m] === 0)),
  },
  deadlock: false,
});
`;

let folder: string;
beforeAll(async () => {
  folder = await folderWith({ 'spec.ts': spec });
});

const swarm = (...args: readonly string[]): ReturnType<typeof bivalent> =>
  bivalent(['check', 'spec.ts', '--swarm', ...args], folder);

describe('--swarm', () => {
  test('finds a violation, says which search found it, and that search finds it again', async () => {
    const { code, stdout } = await swarm('40', '--seed', '1', '--max-states', '400k', '--json');
    const { result, violation, reason, ...found } = JSON.parse(stdout);
    expect(schemaErrors(JSON.parse(stdout))).toBeNull();
    expect({ code, result }).toEqual({ code: 1, result: 'violation' });
    const { search, seed } = found.swarm.found;
    expect(seed).toBe(search);
    expect(reason).toContain(`--swarm 1 --seed ${seed} repeats it alone`);
    const alone = await swarm('1', '--seed', String(seed), '--max-states', '10k', '--json');
    expect(JSON.parse(alone.stdout).violation).toEqual(violation);
  });

  test('that finds nothing is incomplete, and says what it looked at', async () => {
    const { code, stdout } = await swarm('2', '--seed', '1', '--max-states', '20', '--stats', 'swarm.csv');
    expect(code).toBe(3);
    expect(readFileSync(join(folder, 'swarm.csv'), 'utf8')).toMatch(
      /^seconds,distinctStates,generatedStates,level,[\w,]+\n([\d.,]+\n)*[\d.]+,20,[\d,]+\n$/,
    );
    expect(stdout).toMatch(
      /^\? Lopsided: incomplete, a sample, stopped at 20 states \(--max-states 20\) in search 2 of 2 \(seeds 1 to 2\); no violation found\n\n  20 distinct states, \d+ visited, \d+ generated, depth \d+\n.* visited states\/s, .*\n  seed 1\n/,
    );
  });

  test.each([
    [
      ['--workers', '2'],
      '--swarm takes one thread: for several, run the command several times, each with a --seed of its own',
    ],
    [['--symmetry'], '--symmetry is for a check of every state, and --swarm samples them: leave one of the two out'],
  ])('refuses %j', async (args, message) => {
    expect(await swarm('2', ...args)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });
});
