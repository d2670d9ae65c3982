/**
 * What the code of a random spec may do with a variable: a table for each kind of variable.
 *
 * Templates are JavaScript with holes: `$v` the variable, `$i` an integer from 0 to 2, `$b` a boolean, `$p` the element
 * that was picked. Integer templates give 0, 1 or 2 in every state, and no template fails in any state. Writes keep
 * collections small, so that the state graph stays finite. The tables hold the forms in which people write such code
 * (spread, destructuring, iteration, array methods, replacing a part or the whole, aliasing): every engine must give
 * them the same meaning.
 */

/** Something to pick from. */
export interface Domain {
  readonly source: string;
  /** Integers to be had from an element of it. */
  readonly integers: readonly string[];
  /** What an action may do with an element it picked, such as to remove it. */
  readonly writes?: readonly string[];
}

export interface VariableKind {
  /** Initial values; `$i` is a literal or a pick here. */
  readonly initial: readonly string[];
  readonly integers: readonly string[];
  readonly booleans: readonly string[];
  readonly writes: readonly string[];
  readonly domains?: readonly Domain[];
}

const integer: VariableKind = {
  initial: ['0', '1', '$i'],
  integers: ['$v'],
  booleans: ['$v === $i', '$v < $i', '$v !== 0'],
  writes: ['$v = ($v + 1) % 3', '$v = $i', 'if ($v < 2) $v += 1', '$v = 0'],
};

const boolean: VariableKind = {
  initial: ['false', '$i === 1'],
  integers: ['Number($v)'],
  booleans: ['$v', '!$v'],
  writes: ['$v = !$v', '$v = $b'],
};

const word: VariableKind = {
  initial: [`'a'`, `'bc'[$i]`],
  integers: [`'abc'.indexOf($v)`],
  booleans: [`$v === 'a'`, `$v !== 'b'`, `['a', 'c'].includes($v)`],
  writes: [`$v = $v === 'a' ? 'b' : 'c'`, `$v = 'abc'[$i]`, `$v = 'a'`],
};

const bigint: VariableKind = {
  initial: ['0n', 'BigInt($i)'],
  integers: ['Number($v)'],
  booleans: ['$v === 0n', '$v < BigInt($i)'],
  writes: ['$v = ($v + 1n) % 3n', '$v = BigInt($i)'],
};

const record: VariableKind = {
  initial: ['{ x: 0, in: { y: 0, z: false } }', '{ in: { z: true, y: $i }, x: 1 }'],
  integers: [
    '$v.x',
    '$v.in.y',
    'JSON.stringify($v).length % 3',
    'Object.values($v.in).length',
    '(({ x, ...rest }) => (x + rest.in.y) % 3)($v)',
  ],
  booleans: ['$v.x === $i', '$v.in.z', '$v.in.y !== $v.x', `'x' in $v && !$v.in.z`],
  writes: [
    '$v.x = $i',
    '$v.in.y = ($v.in.y + 1) % 3',
    '$v.in.z = !$v.in.z',
    '$v.in = { y: $i, z: $b }',
    '$v = { ...$v, x: $i }',
    '$v.in = { ...$v.in, y: $i }',
    'Object.assign($v, { x: $i })',
    '{ const inner = $v.in; $v.in = inner; inner.y = $i; $v.x = $v.in.y; }',
  ],
};

const nullable: VariableKind = {
  initial: ['null', '{ k: $i, v: 0 }'],
  integers: ['$v?.k ?? 0', '$v === null ? 0 : $v.v', 'Object.keys($v ?? {}).length'],
  booleans: ['$v === null', '$v?.k === $i', '$v !== null && $v.v === 0'],
  writes: ['$v = null', '$v = { k: $i, v: $i }', 'if ($v !== null) $v.v = $i', '$v ??= { v: 1, k: 0 }'],
};

const tagged: VariableKind = {
  initial: [`{ type: 'idle' }`, `{ type: 'busy', job: $i }`],
  integers: [`$v.type === 'busy' ? $v.job : 0`, 'Object.keys($v).length'],
  booleans: [`$v.type === 'idle'`, `$v.type === 'busy' && $v.job === $i`],
  writes: [
    `$v = { type: 'busy', job: $i }`,
    `$v = { type: 'idle' }`,
    `if ($v.type === 'busy') $v.job = ($v.job + 1) % 3`,
    `if ('job' in $v) { delete $v.job; $v.type = 'idle'; }`,
  ],
};

const list: VariableKind = {
  initial: ['[]', '[1]', '[$i, 2]'],
  integers: [
    '$v.length',
    '$v[$i] ?? 0',
    '$v.at(-1) ?? 0',
    '$v.reduce((x, y) => x + y, 0) % 3',
    '$v.indexOf($i) + 1',
    '[...$v].length',
    'Math.max(0, ...$v)',
  ],
  booleans: ['$v.includes($i)', '$v.every((x) => x === $i)', '$v.length === 0', '$v.some((x) => x > 1)'],
  writes: [
    'if ($v.length < 2) $v.push($i)',
    '$v.pop()',
    '$v.shift()',
    'if ($v.length > 0) $v[0] = $i',
    '$v = [$i, ...$v].slice(0, 2)',
    '$v.splice($i, 1)',
    '$v.sort().reverse()',
    '$v = $v.filter((x) => x !== $i)',
    '$v.length = 0',
    'for (const i of $v.keys()) $v[i] = $i',
  ],
  domains: [{ source: '$v', integers: ['$p'], writes: ['$v.splice($v.indexOf($p), 1)'] }],
};

const log: VariableKind = {
  initial: ['[]', '[{ t: $i, v: 0 }]'],
  integers: [
    '$v.length',
    '$v.at(-1)?.t ?? 0',
    '$v.filter((entry) => entry.t === $i).length',
    '$v.findIndex((entry) => entry.v === $i) + 1',
    '$v.map(({ t, v }) => t + v).reduce((x, y) => x + y, 0) % 3',
  ],
  booleans: ['$v.some((entry) => entry.t > entry.v)', '$v.length === 2', '$v[0]?.t === $i'],
  writes: [
    'if ($v.length < 2) $v.push({ t: $i, v: $i })',
    'if ($v.length > 0) $v[0].t = $i',
    '$v.pop()',
    '{ const entry = { t: $i, v: 0 }; $v = [entry]; entry.v = 2; }',
    'for (const entry of $v) entry.v = $i',
    'if ($v.length === 2) { $v[1] = $v[0]; $v[0].v = $i; }',
    '$v = $v.filter((entry) => entry.t !== $i)',
  ],
  domains: [{ source: '$v', integers: ['$p.t', '$p.v'] }],
};

const set: VariableKind = {
  initial: ['new Set()', 'new Set([2, $i])'],
  integers: ['$v.size % 3', '[...$v].reduce((x, y) => x + y, 0) % 3', '$v.toArray()[0] ?? 0'],
  booleans: [
    '$v.has($i)',
    '$v.some((x) => x === $i)',
    '$v.every((x) => x > 0)',
    '$v.size === 0',
    '$v.isSubsetOf([0, 1])',
  ],
  writes: [
    '$v.add($i)',
    '$v.delete($i)',
    '$v.clear()',
    '$v = new Set([$i, $i])',
    '$v = $v.union([$i])',
    '{ const old = $v; $v.add($i); $v = old.filter((x) => x !== $i); }',
  ],
  domains: [
    { source: '$v', integers: ['$p'], writes: ['$v.delete($p)'] },
    { source: '$v.filter((x) => x !== $i)', integers: ['$p'], writes: ['$v.delete($p)'] },
  ],
};

const messages: VariableKind = {
  initial: ['new Set()', 'new Set([{ k: $i, v: 0 }, { v: 0, k: $i }])'],
  integers: ['$v.size % 3', '$v.where({ k: $i }).size % 3', '$v.find((m) => m.k === $i)?.v ?? 0'],
  booleans: [
    '$v.has({ v: $i, k: $i })',
    '$v.where({ v: $i }).size === 0',
    '$v.some((m) => m.k === $i)',
    '[...$v].every(({ k, v }) => k <= v)',
    '$v.where({ k: $i }).has({ k: $i, v: 0 })',
  ],
  writes: [
    '$v.add({ k: $i, v: $i % 2 })',
    '$v.delete({ k: $i, v: $i })',
    'for (const m of $v.where({ k: $i })) $v.delete(m)',
    '$v = $v.where({ k: $i })',
    '$v.clear()',
  ],
  domains: [
    {
      source: '$v',
      integers: ['$p.k', '$p.v'],
      writes: ['$v.delete($p)', '{ $v.delete($p); $v.add({ ...$p, v: 1 }); }'],
    },
    { source: '$v.where({ k: $i })', integers: ['$p.v'], writes: ['$v.delete($p)'] },
    { source: '$v.map((m) => m.v)', integers: ['$p'] },
  ],
};

const map: VariableKind = {
  initial: ['new Map()', 'new Map([[1, 0], [0, $i]])'],
  integers: [
    '$v.get($i) ?? 0',
    '$v.size % 3',
    '[...$v.values()].reduce((x, y) => x + y, 0) % 3',
    '[...$v.keys()].at(-1) ?? 0',
  ],
  booleans: ['$v.has($i)', '$v.get($i) === $i', '$v.size === 0', '[...$v].every(([key, value]) => key !== value)'],
  writes: [
    '$v.set($i, $i)',
    '$v.update($i, (value) => ((value ?? 0) + 1) % 3)',
    '$v.delete($i)',
    '$v = new Map([...$v, [$i, 1]])',
    '$v.clear()',
  ],
  domains: [
    { source: '$v', integers: ['$p[0]', '$p[1]'], writes: ['$v.delete($p[0])'] },
    { source: '$v.keys()', integers: ['$p'], writes: ['$v.set($p, $i)'] },
  ],
};

const bag: VariableKind = {
  initial: ['new Bag()', 'new Bag([1, $i])'],
  integers: ['$v.count($i) % 3', '$v.size % 3', '$v.distinct % 3', '[...$v].length % 3'],
  booleans: ['$v.has($i)', '$v.some((x, times) => times > 1)', '$v.count($i) === 1'],
  writes: [
    'if ($v.size < 3) $v.add($i)',
    '$v.delete($i)',
    'if ($v.size < 2) $v.add($i, 2)',
    '$v.delete($i, 2)',
    '$v.clear()',
  ],
  domains: [{ source: '$v', integers: ['$p', '$v.count($p) % 3'], writes: ['$v.delete($p)'] }],
};

const perNode: VariableKind = {
  initial: ['mapOf(N, () => ({ on: false, n: 0 }))', 'mapOf(N, (node) => ({ on: node === N[0], n: $i }))'],
  integers: ['$v[N[1]].n', 'N.filter((node) => $v[node].on).length', 'Object.entries($v).length', '$v.n1.n'],
  booleans: [
    '$v[N[0]].on',
    'N.every((node) => $v[node].on)',
    '$v.n1.n === $v.n2.n',
    'Object.values($v).some(({ n }) => n > 1)',
  ],
  writes: [
    '$v[N[$i % 2]].on = $b',
    '$v.n1.n = $i',
    'for (const node of N) $v[node].n = $i',
    '$v[N[1]] = { ...$v[N[0]] }',
    '[$v.n1, $v.n2] = [$v.n2, $v.n1]',
  ],
  domains: [
    { source: 'N', integers: ['$v[$p].n'], writes: ['$v[$p].n = ($v[$p].n + 1) % 3', '$v[$p].on = !$v[$p].on'] },
  ],
};

const servers: VariableKind = {
  initial: ['mapOf(N, () => ({ votes: new Set(), voted: null, log: [] }))'],
  integers: [
    '$v.n1.votes.size',
    '$v[N[$i % 2]].log.length',
    'N.filter((node) => $v[node].voted === null).length',
    '$v.n2.log.at(-1)?.t ?? 0',
    'Math.max(...N.map((node) => $v[node].log.length))',
  ],
  booleans: [
    '$v.n1.votes.has(N[$i % 2])',
    '$v[N[$i % 2]].voted !== null',
    'N.every((node) => $v[node].votes.size < 2)',
    'N.some((node) => $v[node].log.some(({ t }) => t === $i))',
  ],
  writes: [
    '$v[N[$i % 2]].votes.add(N[$i % 2])',
    '$v.n1.votes = new Set(N)',
    '$v.n2.votes.clear()',
    '$v[N[$i % 2]].voted = N[$i % 2]',
    '{ const { log } = $v[N[$i % 2]]; if (log.length < 2) log.push({ t: $i }); }',
    '$v.n1.log = $v.n2.log',
    '$v.n2 = { votes: new Set(), voted: null, log: $v.n2.log }',
    '{ const me = $v.n1; me.voted ??= N[1]; me.votes.delete(N[$i % 2]); }',
  ],
  domains: [
    {
      source: 'N',
      integers: ['$v[$p].votes.size', '$v[$p].log.length'],
      writes: ['$v[$p].votes.add($p)', '$v[$p].voted = $p', '$v[$p].log.pop()'],
    },
    { source: '$v.n1.votes', integers: ['N.indexOf($p)'], writes: ['$v.n1.votes.delete($p)'] },
    { source: '$v.n2.log', integers: ['$p.t'] },
  ],
};

const inboxes: VariableKind = {
  initial: ['[new Set(), new Bag()]', '[new Set([{ k: 1 }]), new Bag([[$i, 1]])]'],
  integers: ['$v[0].size % 3', '$v[1].count([$i, 1])', '$v.length', '$v[1].distinct'],
  booleans: ['$v[0].has({ k: $i })', '$v[1].has([1, $i])', '$v[0].where({ k: $i }).size === 0'],
  writes: [
    '$v[0].add({ k: $i })',
    'if ($v[1].size < 2) $v[1].add([$i, 1])',
    '$v[0].delete({ k: $i })',
    '$v[1].delete([$i, 1])',
    '$v[0] = $v[0].filter(({ k }) => k > $i)',
  ],
  domains: [
    { source: '$v[0]', integers: ['$p.k'], writes: ['$v[0].delete($p)'] },
    { source: '$v[1]', integers: ['$p[0]', '$p.length'], writes: ['$v[1].delete($p)', '$v[0].add({ k: $p[0] })'] },
  ],
};

const table: VariableKind = {
  initial: ['new Map()', 'new Map([[{ k: 0, v: 1 }, { on: false, n: $i }]])'],
  integers: ['$v.get({ v: 1, k: $i })?.n ?? 0', '$v.size', '[...$v.values()].filter(({ on }) => on).length'],
  booleans: [
    '$v.has({ k: $i, v: 1 })',
    '[...$v.values()].some(({ n }) => n === $i)',
    '$v.get({ k: 0, v: 1 })?.on ?? false',
  ],
  writes: [
    '$v.set({ k: $i % 2, v: 1 }, { on: $b, n: $i })',
    '$v.update({ v: 1, k: $i % 2 }, (entry) => ({ on: true, n: ((entry?.n ?? 0) + 1) % 2 }))',
    '$v.delete({ k: $i, v: 1 })',
    '$v.forEach((entry, key) => $v.set(key, { ...entry, on: !entry.on }))',
  ],
  domains: [
    { source: '$v.keys()', integers: ['$p.k'], writes: ['$v.delete($p)', '$v.set($p, { n: 0, on: true })'] },
    { source: '$v', integers: ['$p[1].n', '$p[0].k'] },
  ],
};

/** The kinds of variables, simplest first: fast-check shrinks towards the first. */
export const variableKinds: readonly VariableKind[] = [
  integer,
  boolean,
  word,
  set,
  messages,
  perNode,
  list,
  bag,
  map,
  record,
  nullable,
  tagged,
  log,
  servers,
  inboxes,
  table,
  bigint,
];
