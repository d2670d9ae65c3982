/**
 * Are sends and receives in an order that can have happened?
 *
 * A receive needs its send, before it in the order of a file that both are in, and with a smaller Lamport clock where
 * both have one; at each node the Lamport clock grows. Source: Lamport 1978, the clock condition.
 */
import { placeOf, type LogEvent } from '../event/index.ts';
import { Findings, type Finding, type Place } from './finding.ts';

interface SeenEvent extends Place {
  readonly lamport: number | undefined;
}

/** Checks message order and Lamport clocks, in one pass; memory grows with the messages of the log. */
export class MessageCheck {
  readonly #findings = new Findings();
  readonly #sends = new Map<string, SeenEvent>();
  readonly #waiting = new Map<string, SeenEvent[]>();
  readonly #last = new Map<string, SeenEvent>();

  add(event: LogEvent): void {
    const seen = { file: event.file, line: event.line, lamport: event.lamport };
    if (event.node !== undefined && event.lamport !== undefined) this.#checkNode(event.node, seen);
    if (event.message?.kind === 'send') this.#send(event.message.id, seen);
    if (event.message?.kind === 'receive') this.#receive(event.message.id, seen);
  }

  /** The findings, after the last event; receives that never had a send come last. */
  report(): { readonly findings: readonly Finding[]; readonly totalFindings: number } {
    for (const [id, receives] of this.#waiting) {
      for (const receive of receives) {
        this.#findings.add('unsent', receive, `the message \`${id}\` is received, but the log has no send of it.`);
      }
    }
    this.#waiting.clear();
    return { findings: this.#findings.list, totalFindings: this.#findings.total };
  }

  #checkNode(node: string, seen: SeenEvent): void {
    const last = this.#last.get(node);
    this.#last.set(node, seen);
    if (last?.lamport === undefined || seen.lamport === undefined || seen.lamport > last.lamport) return;
    const message = `the Lamport clock of \`${node}\` is ${seen.lamport}, and was ${last.lamport} before (${placeOf(last)}).`;
    this.#findings.add('lamport', seen, message);
  }

  #send(id: string, send: SeenEvent): void {
    this.#sends.set(id, send);
    for (const receive of this.#waiting.get(id) ?? []) {
      if (receive.file === send.file) {
        const message = `the message \`${id}\` is received before it is sent (${placeOf(send)}).`;
        this.#findings.add('receive-before-send', receive, message);
      }
      this.#checkPair(id, send, receive);
    }
    this.#waiting.delete(id);
  }

  #receive(id: string, receive: SeenEvent): void {
    const send = this.#sends.get(id);
    if (send !== undefined) this.#checkPair(id, send, receive);
    else this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), receive]);
  }

  #checkPair(id: string, send: SeenEvent, receive: SeenEvent): void {
    if (send.lamport === undefined || receive.lamport === undefined || receive.lamport > send.lamport) return;
    const message = `the message \`${id}\` is received at Lamport time ${receive.lamport}, but sent at ${send.lamport} (${placeOf(send)}).`;
    this.#findings.add('lamport', receive, message);
  }
}
