/** The session of the reader, kept in the address of the page. */
import { useCallback, useEffect, useState } from 'preact/hooks';

import type { TraceStep } from '../../../explore/index.ts';
import type { Report } from '../../report.ts';
import { addressOf, sessionAt, type Session } from '../session.ts';
import type { SpecState } from './spec-state.ts';

/** The address follows when the reader has rested for so long. */
const restMs = 150;

/** Changes the session. */
export type Change = (change: (now: Session) => Session) => void;

/**
 * The session, and how to change it.
 *
 * @returns no session as long as there is no behaviour to look at: of a result without one, only the spec gives an
 *   initial state to begin with
 */
export function useSession(report: Report, spec: SpecState): readonly [Session | undefined, Change] {
  const explorer = 'explorer' in spec ? spec.explorer : undefined;
  const [session, setSession] = useState<Session>();
  const load = useCallback(() => {
    const behaviour = report.behaviour?.steps ?? initialBehaviour(spec);
    if (behaviour !== undefined)
      setSession(sessionAt(behaviour, namesStep() ? location.hash : defaultAddress(report), explorer));
  }, [report, explorer]);
  useEffect(() => {
    load();
    addEventListener('hashchange', load);
    return () => removeEventListener('hashchange', load);
  }, [load]);
  useEffect(() => {
    // A spec that is still to come may know what the address names.
    if (session === undefined || 'loading' in spec) return undefined;
    const address = addressOf(session) + whichAddress();
    // Browsers refuse to be told of every step of a slider that is dragged.
    const timer = setTimeout(() => history.replaceState(null, '', address), restMs);
    return () => clearTimeout(timer);
  }, [session, spec]);
  const change: Change = (next) => setSession((now) => (now === undefined ? now : next(now)));
  return [session, change];
}

function namesStep(): boolean {
  return new URLSearchParams(location.hash.slice(1)).has('step');
}

/** Readers begin where the property fails. */
function defaultAddress({ behaviour }: Report): string {
  return `#step=${behaviour === undefined ? 0 : behaviour.steps.length - 1}`;
}

function initialBehaviour(spec: SpecState): readonly TraceStep[] | undefined {
  if (!('explorer' in spec)) return undefined;
  const { initialStates } = spec.explorer.system;
  const state = initialStates[startIn()] ?? initialStates[0];
  return state === undefined ? undefined : [{ action: null, parameters: {}, state }];
}

/** Which initial state the address names. */
export function startIn(): number {
  return countIn('start');
}

/** Which counterexample the address names, where there are several: 0 is the first. */
export function counterexampleIn(): number {
  return Math.max(0, countIn('counterexample') - 1);
}

function countIn(name: string): number {
  const text = new URLSearchParams(location.hash.slice(1)).get(name) ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

/** The part of an address that says where a session begins. */
function whichAddress(): string {
  const [start, counterexample] = [startIn(), counterexampleIn()];
  return `${start > 0 ? `&start=${start}` : ''}${counterexample > 0 ? `&counterexample=${counterexample + 1}` : ''}`;
}
