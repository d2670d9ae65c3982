/** A replay as text for people, and as a document for programs. */
import { showCall, toJson } from '../value/index.ts';
import { placeText } from './explanation-text.ts';
import { schemaVersion, type Document } from './json.ts';
import { paintFor } from './paint.ts';
import type { Counterexample, Replay } from './replay.ts';
import type { TextOptions } from './text.ts';

/** What came out, why a step is not possible, and what is otherwise than it was. */
export function replayText(
  { result, trace, stopped, differences }: Replay,
  { kind, name, trace: saved }: Counterexample,
  { color = false }: Pick<TextOptions, 'color'> = {},
): string {
  const paint = paintFor(color);
  const steps = saved.length - 1;
  const property = kind === 'deadlock' ? 'the deadlock' : name;
  const lines: string[] = [];
  if (stopped !== undefined) {
    const { step, name: called, why, guard, reads } = stopped;
    lines.push(
      `${paint.green('✓')} The counterexample is no longer possible: step ${step} of ${steps} cannot be taken`,
    );
    lines.push('', `  ${paint.bold(called)}: ${why}`, ...(guard === undefined ? [] : [`    ${placeText(guard)}`]));
    for (const { path, seen } of reads) lines.push(`    it read ${path} = ${seen}`);
  } else if (result === 'violated') {
    const after = `after ${trace.length - 1} of ${steps} steps`;
    lines.push(
      `${paint.red('✗')} ${kind === 'deadlock' ? 'It still deadlocks' : `It still violates ${name}`} ${after}`,
    );
  } else if (result === 'holds') {
    const verdict = kind === 'deadlock' ? 'it no longer ends in a deadlock' : `${name} holds on the way`;
    lines.push(`${paint.green('✓')} All ${steps} steps are possible, and ${verdict}`);
  } else {
    lines.push(
      `${paint.yellow('?')} All ${steps} steps are possible; whether ${property} holds of them only a check can say`,
    );
  }
  if (differences.length > 0) lines.push('', ...differences.map((difference) => `  ${difference}`));
  lines.push(
    '',
    ...trace.map(({ action, parameters }, i) => `  ${paint.dim(String(i))}  ${nameOf(i, action, parameters)}`),
  );
  return `${lines.join('\n')}\n`;
}

function nameOf(i: number, action: string | null, parameters: Parameters<typeof showCall>[1]): string {
  if (action !== null) return showCall(action, parameters);
  return i === 0 ? 'initial state' : 'nothing changes';
}

/** A replay as a document: `result` as it is, and the behaviour with its states. */
export function replayDocument({ result, trace, stopped, differences }: Replay): Document {
  return {
    schemaVersion,
    result,
    trace: trace.map((step) => ({ ...step, parameters: toJson(step.parameters), state: toJson(step.state) })),
    ...(stopped !== undefined && { stopped }),
    differences,
  };
}
