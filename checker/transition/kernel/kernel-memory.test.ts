import { expect, test } from 'vitest';
import { KernelFull, KernelMemory } from './kernel-memory.ts';
import { newLoop, type Loop } from './loop.ts';

function newMemory(): KernelMemory {
  return new KernelMemory((newLoop() as Loop).memory, 64);
}

test('rooms do not overlap, and begin where eight bytes begin', () => {
  const memory = newMemory();
  const places = [3, 0, 1, 8].map((length) => memory.allocate(length));
  expect(places).toEqual([64, 80, 80, 88]);
});

test('what was taken back is zero when it is handed out again', () => {
  const memory = newMemory();
  memory.allocate(2);
  const { mark } = memory;
  memory.view(memory.allocate(4), 4).fill(7);
  memory.release(mark);
  expect([...memory.view(memory.allocate(4), 4)]).toEqual([0, 0, 0, 0]);
});

test('the memory grows, says so, and keeps what it holds', () => {
  const memory = newMemory();
  const first = memory.allocate(1);
  memory.words[first >> 2] = 42;
  let moved = 0;
  memory.onMoved = () => moved++;
  const last = memory.allocate(100_000);
  memory.words[(last >> 2) + 99_999] = 43;
  expect([memory.words[first >> 2], moved, memory.bytes >= last + 400_000]).toEqual([42, 1, true]);
});

test('there is an end to it', () => {
  expect(() => newMemory().allocate(2 ** 29)).toThrow(KernelFull);
});
