/**
 * The shape of the tree, as a test: what each folder may import, where Node may be used, and how files are named.
 *
 * An arrow that this table does not allow is a design decision: change the table in the same commit, and say why.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const checkerFolders = [
  'core',
  'value',
  'spec',
  'protocol',
  'transition',
  'explore',
  'reduction',
  'property',
  'consistency',
];

/** Each folder, and the folders whose door it may import beside its own files. Tests and benchmarks may import all. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'checker/core': [],
  'checker/value': below('value'),
  'checker/spec': below('spec'),
  'checker/protocol': below('protocol'),
  'checker/transition': below('transition'),
  'checker/explore': below('explore'),
  'checker/property': below('property'),
  'checker/reduction': below('reduction'),
  'checker/consistency': below('consistency'),
  'checker/storage': [...below('explore'), 'checker/explore'],
  'checker/report': checkerFolders.map((folder) => `checker/${folder}`),
  'checker/testing': ['checker', ...checkerFolders.map((folder) => `checker/${folder}`), 'checker/report'],
  'checker/cli': ['checker', 'checker/*', 'traces', 'traces/*'],
  checker: ['checker/*'],
  'traces/record': [],
  traces: ['traces/*', 'checker', 'checker/*'],
  specs: ['specs/*', 'bivalent'],
  examples: ['examples/*', 'bivalent'],
};

/** Node's own modules are for the command line, for files and for workers; the rest runs in a browser. */
const mayUseNode =
  /^(checker\/cli|checker\/storage|checker\/explore\/worker|traces|specs|examples|bench)(\/|$)|\.test(-support)?\.ts$/;

interface Import {
  readonly file: string;
  readonly line: number;
  readonly target: string;
}

const files = ['checker', 'traces', 'specs', 'examples', 'bench'].filter(exists).flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.includes('node_modules/')),
);
const imports = files.flatMap((file) => importsOf(file));

describe('the arrows between folders', () => {
  test.each(Object.keys(allowed))('%s imports what lies below it, and only through the doors', (folder) => {
    const wrong = imports
      .filter(({ file }) => owner(file) === folder && !isTest(file))
      .filter(({ file, target }) => !mayImport(file, target))
      .map(describeImport);
    expect(wrong).toEqual([]);
  });

  test('every folder of the checker has a row in this table', () => {
    const folders = new Set(files.filter((file) => file.startsWith('checker/')).map(folderOf));
    expect([...folders].filter((folder) => !(folder in allowed))).toEqual([]);
  });
});

describe('what is used where', () => {
  test("the core imports none of Node's own modules", () => {
    const wrong = imports.filter(({ file, target }) => target.startsWith('node:') && !mayUseNode.test(file));
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('immer is imported in one file', () => {
    const users = new Set(imports.filter(({ target }) => target === 'immer').map(({ file }) => file));
    expect([...users].filter((file) => !isTest(file))).toHaveLength(1);
  });

  test('relative imports name the file, with its extension', () => {
    const unnamed = imports.filter(({ target }) => target.startsWith('.') && !/\.(tsx?|json)$/.test(target));
    // Tests hold specs in strings, which a user may write as they like.
    const wrong = unnamed.filter(({ file }) => !isTest(file));
    expect(wrong.map(describeImport)).toEqual([]);
  });
});

describe('names', () => {
  test('files and folders are in kebab-case', () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z-]+)*$/;
    expect(files.filter((file) => !file.split('/').every((part) => name.test(part)))).toEqual([]);
  });

  test('no file is named after what it holds nothing in particular of', () => {
    const vague = /^(utils?|helpers?|common|types|managers?|misc)\b/;
    expect(files.filter((file) => vague.test(basename(file)))).toEqual([]);
  });
});

/** Whether a folder is there: git keeps none that is empty. */
function exists(folder: string): boolean {
  return existsSync(join(root, folder));
}

/** The folders of the checker before `folder` in the order of the layers. */
function below(folder: string): string[] {
  return checkerFolders.slice(0, checkerFolders.indexOf(folder)).map((name) => `checker/${name}`);
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statement = /^(?:import|export)\b[^'";]*?(?:\bfrom\s+)?'([^']+)';?$|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(statement)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    target: (match[1] ?? match[2])!,
  }));
}

/** The row of the table that a file belongs to: its folder, or the nearest one above it. */
function owner(file: string): string | undefined {
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) if (folder in allowed) return folder;
  return undefined;
}

function mayImport(file: string, target: string): boolean {
  const from = owner(file)!;
  const publicOnly = from === 'specs' || from === 'examples';
  if (target === 'bivalent' || target.startsWith('bivalent/')) return publicOnly;
  if (!target.startsWith('.')) return true;
  const path = posix.join(dirname(file), target);
  // Under traces a folder is an idea of its own, behind its own door.
  const unit = from === 'traces' ? folderOf(file) : from;
  if (path.startsWith(`${unit}/`) && (unit !== 'checker' || dirname(path) === 'checker')) return true;
  if (publicOnly) return path.startsWith(`${from}/`);
  const isDoor = basename(path) === 'index.ts';
  return isDoor && allowed[from]!.some((pattern) => matches(dirname(path), pattern));
}

function matches(folder: string, pattern: string): boolean {
  return pattern.endsWith('/*') ? folder.startsWith(pattern.slice(0, -1)) : folder === pattern;
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).slice(0, 2).join('/');
}

function isTest(file: string): boolean {
  return /\.(test|test-support|bench)\.ts$/.test(file);
}

function describeImport({ file, line, target }: Import): string {
  return `${file}:${line} imports ${target}`;
}
