import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** What is used of the compiler. Its own types would change those of arrays everywhere. */
interface Compiler {
  main(
    options: readonly string[],
    files: { readonly writeFile: (name: string, contents: Uint8Array | string) => void },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>;
}

const file = fileURLToPath(new URL('module.ts', import.meta.url));
const folder = fileURLToPath(new URL('assembly', import.meta.url));

/** Compiles the loop; gives the text of the module that holds it. */
async function compiled(): Promise<string> {
  const name: string = 'assemblyscript/asc';
  const compiler = (await import(name)) as Compiler;
  let bytes: Uint8Array | undefined;
  const options = ['-O3', '--runtime', 'stub', '--noAssert', '--initialMemory', '1', '--outFile', 'loop.wasm'];
  const { error, stderr } = await compiler.main(['expand.ts', '--baseDir', folder, ...options], {
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') bytes = contents;
    },
  });
  if (error !== null || bytes === undefined) throw new Error(`the loop does not compile:\n${stderr.toString()}`);
  return [
    '/** The loop of `assembly/expand.ts`, compiled, in base 64. Written by `npm run kernel`. */',
    `export const moduleText =\n  '${Buffer.from(bytes).toString('base64')}';\n`,
  ].join('\n');
}

test('the module that is used is what its source compiles to', async () => {
  const text = await compiled();
  if (process.env['BIVALENT_WRITE_KERNEL'] !== undefined) await writeFile(file, text);
  expect(await readFile(file, 'utf8'), 'write it anew with `npm run kernel`').toBe(text);
});
