/**
 * The counts that other checkers found on the same models, where the folder with them is at hand: every one of them is
 * recorded in a model of the library. That the models give what they record is tested in `library.test.ts`.
 */
import { existsSync, readFileSync } from 'node:fs';

import type { Expected } from 'bivalent';
import { describe, expect, test } from 'vitest';

import { bind } from '../checker/spec/index.ts';
import { equal } from '../checker/value/index.ts';
import { loadLibrary, type LibrarySpec } from './library.test-support.ts';

interface Oracle {
  readonly spec: string;
  readonly constants: Readonly<Record<string, unknown>>;
  readonly symmetry?: boolean;
  readonly distinct?: number;
  readonly generated?: number;
  readonly depth?: number;
  readonly invariant?: string;
  readonly traceStates?: number;
}

type Renaming = (constants: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** How the constants of the originals are called here, where the names or their meaning differ. */
const renamings: Readonly<Record<string, Renaming>> = {
  'chang-roberts': ({ N }) => ({ Node: N }),
  'dining-philosophers': ({ NP }) => ({ Philosopher: NP }),
  ewd840: ({ N }) => ({ Node: N }),
  'lamport-mutex': ({ N, maxClock }) => ({ Proc: N, maxClock }),
  'readers-writers': () => ({ Actor: 3 }),
  // MCVoting defines Ballot as 0 .. 2, which is what was counted.
  voting: ({ Acceptor, Value }) => ({ Acceptor, Value, MaxBallot: 2 }),
};

const file = new URL('../../shared/oracles/counts.json', import.meta.url);
const isThere = existsSync(file);
const oracles = isThere ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Oracle[]) : [];
const library = new Map((await loadLibrary()).map((entry) => [entry.name, entry]));
const known = oracles.filter((oracle) => library.has(oracle.spec) && oracle.symmetry !== true);

describe('the counts of other checkers', () => {
  test.skipIf(isThere)('are not at hand: there is no ../shared/oracles here', () => {});

  test.each(known.map((oracle) => [oracle.spec, JSON.stringify(oracle.constants), oracle] as const))(
    'are those of a model of %s, for %s',
    (name, _, oracle) => {
      expect(modelLike(library.get(name)!, oracle)).toMatchObject(expectedBy(oracle));
    },
  );
});

function expectedBy({ distinct, generated, depth, invariant, traceStates }: Oracle): Expected {
  if (invariant === undefined) return { result: 'ok', distinct: distinct!, generated: generated!, depth: depth! };
  const breaks = invariant.charAt(0).toLowerCase() + invariant.slice(1);
  return { result: 'violation', breaks, steps: traceStates! - 1 };
}

/** What the model with the constants of the oracle expects. */
function modelLike({ name, spec }: LibrarySpec, oracle: Oracle): Expected | undefined {
  const constants = (renamings[name] ?? ((same) => same))(oracle.constants);
  const wanted = bind(spec, { constants }).constants;
  const models = Object.entries(spec.definition.models ?? {});
  return models.find(([model]) => equal(bind(spec, { model }).constants, wanted))?.[1].expected;
}
