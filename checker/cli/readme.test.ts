/** The README and the page on writing specs say what is so. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { bivalent, folderWith } from './command.test-support.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const readme = read('README.md');

test('it begins with the two commands that do everything', () => {
  const [first] = /^```sh\n([^]*?)^```$/m.exec(readme)!;
  expect(first.replaceAll(/ +#.*$/gm, '')).toBe('```sh\nnpm ci && npm run check -- raft\nnpm ci && npm test\n```');
  expect(readme.startsWith(`# Bivalent\n\n${first}`)).toBe(true);
});

test('its first spec is that of the first example, with comments', () => {
  const [, spec] = /^```ts\n([^]*?)^```$/m.exec(readme)!;
  expect(spec!.replaceAll(/ +\/\/.*$/gm, '')).toBe(read('examples/01-first-spec/resend.ts'));
});

test('it names every command, and no other', async () => {
  const { stdout } = await bivalent(['--help']);
  const [, commands] = /^Commands:\n([^]*)/m.exec(stdout)!;
  const existing = [...commands!.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
  const named = [...readme.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(existing));
});

test('the spec of the page on writing specs gives what it expects', async () => {
  const [, spec] = /^```ts\n([^]*?)^```$/m.exec(read('docs/writing-a-spec.md'))!;
  const folder = await folderWith({ 'lock.ts': spec! });
  const { stdout } = await bivalent(['check', 'lock.ts', '--model', 'small', '--json'], folder);
  expect(JSON.parse(stdout)).toMatchObject({ result: 'ok', distinctStates: 49, generatedStates: 69, depth: 13 });
  expect(spec).toMatch("expected: { result: 'ok', distinct: 49, generated: 69, depth: 13 }");
  expect(await bivalent(['mutate', 'lock.ts'], folder)).toMatchObject({ code: 0 });
});

test('the protocol of the page on writing protocols gives what it expects', async () => {
  const [, spec] = /^```ts\n([^]*?)^```$/m.exec(read('docs/writing-a-protocol.md'))!;
  const folder = await folderWith({ 'payments.ts': spec! });
  const { stdout } = await bivalent(['check', 'payments.ts', '--model', 'small', '--json'], folder);
  expect(JSON.parse(stdout)).toMatchObject({ result: 'ok', faults: { crash: 61, restart: 61, loss: 108 } });
  const lossless = await bivalent(['check', 'payments.ts', '--fault', 'loss=0', '--json'], folder);
  expect(JSON.parse(lossless.stdout)).toMatchObject({ result: 'ok', faults: { crash: 25, restart: 25 } });
  expect(await bivalent(['mutate', 'payments.ts'], folder)).toMatchObject({ code: 0 });
});

test('the spec of the page on temporal properties gives what it expects', async () => {
  const [, spec] = /^```ts\n([^]*?)^```$/m.exec(read('docs/temporal-properties.md'))!;
  const folder = await folderWith({ 'lock.ts': spec! });
  expect(await bivalent(['check', 'lock.ts', '--model', 'small'], folder)).toMatchObject({ code: 0 });
  expect(await bivalent(['mutate', 'lock.ts'], folder)).toMatchObject({ code: 0 });
});

test('the script of continuous integration runs the command that tests a clone', () => {
  expect(read('.ci/run')).toMatch(/npm ci && npm test/);
});
