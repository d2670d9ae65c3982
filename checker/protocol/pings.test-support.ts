/** A small protocol of which tests replace the parts that they are about. */
import { BivalentError } from '../core/index.ts';
import { when } from '../spec/index.ts';
import type { Spec } from '../spec/index.ts';
import { defineProtocol, messages } from './index.ts';
import type { ProtocolDefinition } from './index.ts';

/** Two nodes: each may ping the other. */
export type Ping = { ping: { n: number } };
export type Parts = ProtocolDefinition<
  object,
  string,
  { sent: number },
  { got: number },
  Ping,
  never,
  object,
  object,
  never
>;

export function pings(parts: Partial<Parts> = {}): Spec {
  return defineProtocol({
    name: 'Pings',
    nodes: () => ['a', 'b'],
    messages: messages<Ping>(),
    state: { durable: () => ({ sent: 0 }), volatile: () => ({ got: 0 }) },
    actions: {
      act(me, { broadcast }) {
        when(me.sent < 1);
        me.sent += 1;
        broadcast({ type: 'ping', n: 1 });
      },
    },
    on: {
      ping(me, { n }) {
        me.got = n;
      },
    },
    deadlock: false,
    ...parts,
  } satisfies Parts) as unknown as Spec;
}

/** The code and message of the error that something throws. */
export function errorOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    if (error instanceof BivalentError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}
