/**
 * How the recorded runs of two-phase commit (trace-validation NDJSON) are read as behaviours of the spec.
 *
 * The traced spec is Lamport's of the video course: it has no RM that chooses to abort, and its TM is only `init` or
 * `done`. Resource manager `rm-0` of the log is `rm1` here.
 */
import type { View } from 'bivalent';
import { defineBinding, holds, updated, updatesOf } from 'bivalent/traces';
import type { LogEvent, Observation, RuleFor, StateIn, Update } from 'bivalent/traces';
import twoPhaseCommit from './two-phase-commit.ts';

type State = StateIn<typeof twoPhaseCommit>;

const actions = {
  TMRcvPrepared: 'tmReceivesPrepared',
  TMCommit: 'tmCommit',
  TMAbort: 'tmAbort',
  RMPrepare: 'rmPrepare',
  RMRcvCommitMsg: 'rmReceivesCommit',
  RMRcvAbortMsg: 'rmReceivesAbort',
} as const;

const decided = holds<State['tmState']>("is 'committed' or 'aborted'", (state) => state !== 'init');

function rmName(name: unknown): `rm${number}` {
  return `rm${Number(String(name).replace('rm-', '')) + 1}`;
}

/** A value of the log as the spec has it: messages by their types, resource managers by their names. */
function translated(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('rm-') ? rmName(value) : value;
  const { type, rm } = value as { type: string; rm?: string };
  return { type: type.toLowerCase(), ...(rm !== undefined && { rm: rmName(rm) }) };
}

const variables: Readonly<Record<string, string>> = { msgs: 'messages' };

/** What a row says of the state after its step, which may be a change of what was before. */
function observed(event: LogEvent) {
  const reported = updatesOf(event);
  const updates = reported
    .filter(({ variable }) => variable !== 'tmState')
    .map(({ variable, op, path, args }): Update => ({
      path: [variables[variable] ?? variable, ...path.map(rmName)],
      op,
      args: args.map((arg) => (Array.isArray(arg) ? arg.map(translated) : translated(arg))),
    }));
  const [ended] = reported.filter(({ variable }) => variable === 'tmState');
  if (ended !== undefined && (ended.op !== 'Update' || ended.args[0] !== 'done')) {
    throw new TypeError(`tmState can only become done, not ${JSON.stringify(ended.args)}`);
  }
  return (before: View<State>): Observation<State> => ({
    ...updated<State>(before, updates),
    ...(ended && { tmState: decided }),
  });
}

const rule: RuleFor<typeof twoPhaseCommit> = (event) => {
  const { name } = event;
  const [rm] = (event.fields['event_args'] ?? []) as readonly string[];
  const after = observed(event);
  if (name === undefined) return { action: Object.values(actions), after };
  return {
    action: actions[name as keyof typeof actions],
    picks: rm?.startsWith('rm-') === true ? { rm: rmName(rm) } : {},
    after,
  };
};

export default defineBinding(twoPhaseCommit, {
  format: 'trace-validation',
  constants: (events) => {
    const names = new Set(events.flatMap((event) => event.raw.match(/rm-\d+/g) ?? []));
    // Rows with names of events alone: each resource manager prepares once.
    const prepared = events.filter((event) => event.name === 'RMPrepare').length;
    const count = names.size > 0 ? names.size : prepared;
    return count === 0 ? {} : { RM: count };
  },
  events: Object.fromEntries(Object.keys(actions).map((name) => [name, rule])),
  otherEvents: rule,
});
