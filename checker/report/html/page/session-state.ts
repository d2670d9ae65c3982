/** The session of the reader, kept in the address of the page. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

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
  /** The address that the session was loaded from, or written to; and what is about to write it. */
  const known = useRef('');
  const writer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLayoutEffect(() => {
    const loaded = (): Session | undefined => {
      known.current = location.hash;
      clearTimeout(writer.current);
      const behaviour = report.behaviour?.steps ?? initialBehaviour(spec);
      if (behaviour === undefined) return undefined;
      return sessionAt(behaviour, names('step') ? location.hash : defaultAddress(report), explorer);
    };
    const load = (): void => setSession(loaded());
    // The spec comes later than the report: it is only of use then where the reader had left the behaviour.
    setSession((now) => (now === undefined || names('left') ? loaded() : now));
    addEventListener('hashchange', load);
    return () => removeEventListener('hashchange', load);
  }, [report, explorer]);
  useEffect(() => {
    // A spec that is still to come may know what the address names.
    if (session === undefined || 'loading' in spec) return undefined;
    // Browsers refuse to be told of every step of a slider that is dragged.
    writer.current = setTimeout(() => {
      // Somebody has gone to another address, and the session is about to follow.
      if (location.hash !== known.current) return;
      history.replaceState(null, '', addressOf(session) + whichAddress());
      known.current = location.hash;
    }, restMs);
    return () => clearTimeout(writer.current);
  }, [session, spec]);
  const change: Change = (next) => setSession((now) => (now === undefined ? now : next(now)));
  return [session, change];
}

/** Whether the address has a part of that name. */
function names(part: string): boolean {
  return new URLSearchParams(location.hash.slice(1)).has(part);
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
