/**
 * Runs the lock server and four clients as processes of their own, kills two of them with `kill -9`, and leaves their
 * logs in a folder: `node run.ts <folder> [wrong]`.
 *
 * Every step waits until the processes say that the one before has happened; nothing waits for a time.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const [folder = 'recording', mistake = ''] = process.argv.slice(2);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** A process, and the lines that it has printed. */
class Program {
  readonly child: ChildProcess;
  readonly #lines: string[] = [];
  #heard: (() => void) | undefined;

  constructor(script: string, ...args: readonly string[]) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.child = spawn(process.execPath, [...process.execArgv, path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.#lines.push(line);
      this.#heard?.();
    });
  }

  tell(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  /** Waits for a line that begins so, and takes it away. */
  async hears(beginning: string): Promise<string> {
    for (;;) {
      const at = this.#lines.findIndex((line) => line.startsWith(beginning));
      if (at >= 0) return this.#lines.splice(at, 1)[0]!;
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }
}

const server = new Program('server.ts', join(folder, 'server.ndjson'), mistake);
const port = (await server.hears('port ')).slice('port '.length);
const [c1, c2, c3, c4] = ['c1', 'c2', 'c3', 'c4'].map(
  (name) => new Program('client.ts', join(folder, `${name}.ndjson`), name, port),
) as [Program, Program, Program, Program];

// c1 holds the lock; c2 and c3 wait, in this order.
c1.tell('ask');
await c1.hears('holding');
c2.tell('ask');
await server.hears('ask c2');
c3.tell('ask');
await server.hears('ask c3');

// One that waits is killed: nothing should happen to the others.
c2.child.kill('SIGKILL');
await server.hears('closed c2');
if (mistake === 'wrong') await c3.hears('holding');
c1.tell('leave');
await server.hears('release c1');
if (mistake !== 'wrong') await c3.hears('holding');

// The holder is killed: the next one gets the lock.
c4.tell('ask');
await server.hears('ask c4');
c3.child.kill('SIGKILL');
await server.hears('closed c3');
await c4.hears('holding');
c4.tell('leave');
await server.hears('release c4');

for (const { child } of [c1, c4, server]) child.kill();
console.log(`The logs are in ${folder}`);
