/**
 * Flow control: what a leader learns of a server from its answers, and when it may send it more.
 *
 * Source: etcd-io/raft, `tracker/progress.go`; each function renders the one of its name.
 */
import type { Draft } from 'bivalent';
import type { Progress } from './server.ts';

function resetTo(progress: Draft<Progress>, state: Progress['state']): void {
  progress.state = state;
  progress.paused = false;
  progress.pendingSnapshot = 0;
  progress.inflight = [];
}

export function becomeProbe(progress: Draft<Progress>): void {
  const { state, match, pendingSnapshot } = progress;
  resetTo(progress, 'probe');
  progress.next = state === 'snapshot' ? Math.max(match + 1, pendingSnapshot + 1) : match + 1;
}

function becomeReplicate(progress: Draft<Progress>): void {
  resetTo(progress, 'replicate');
  progress.next = progress.match + 1;
}

export function becomeSnapshot(progress: Draft<Progress>, index: number): void {
  resetTo(progress, 'snapshot');
  progress.pendingSnapshot = index;
  progress.next = index + 1;
}

/** Entries were sent: while probing none follow before the answer; when replicating, as many as may be on their way. */
export function sentEntries(progress: Draft<Progress>, count: number, maxInflight: number): void {
  if (progress.state === 'probe') {
    if (count > 0) progress.paused = true;
    return;
  }
  if (count > 0) {
    progress.next += count;
    progress.inflight = [...progress.inflight, progress.next - 1];
  }
  progress.paused = progress.inflight.length >= maxInflight;
}

/** The server has everything up to an index. */
export function maybeUpdate(progress: Draft<Progress>, index: number): void {
  const isNews = index > progress.match;
  if (isNews) {
    progress.match = index;
    progress.next = Math.max(progress.next, index + 1);
    progress.paused = false;
  }
  if (!isNews && !(progress.match === index && progress.state === 'probe')) return;
  if (progress.state === 'probe') becomeReplicate(progress);
  else if (progress.state === 'snapshot') {
    if (progress.match >= progress.pendingSnapshot) becomeReplicate(progress);
  } else progress.inflight = progress.inflight.filter((last) => last > index);
}

/** The server's log did not match at an index; an answer to an older message says nothing. */
export function maybeDecrease(progress: Draft<Progress>, rejected: number, hint: number): void {
  if (progress.state === 'replicate') {
    if (rejected > progress.match) becomeProbe(progress);
  } else if (progress.next - 1 === rejected) {
    progress.next = Math.max(Math.min(rejected, hint + 1), progress.match + 1);
    progress.paused = false;
  }
}
