/**
 * Parts of the state of a protocol that a configuration has no use for: what a property that reads one is told.
 *
 * They are left out of the state, so that states are small; a property that reads one would fail with an error that says
 * only that something is not there. So a property that fails is run again on the same state under a guard, which knows
 * what was read. Properties are functions of the state: they fail again, at the same place.
 */
import { BivalentError } from '../core/index.ts';
import type { Configuration } from './configuration.ts';

const code = 'protocol/left-out';

/**
 * Why a property failed, where that is because it read a part of the state that the configuration leaves out.
 *
 * @param run - calls the property with states in the place of those it failed on
 * @param states - the states that it failed on
 * @returns an error that says which part is not there and why; the error given, where that is not what went wrong
 */
export function errorOfLeftOut(
  error: unknown,
  run: (states: readonly unknown[]) => void,
  states: readonly unknown[],
  configuration: Configuration,
): unknown {
  if (!(error instanceof TypeError)) return error;
  try {
    run(states.map((state) => guarded(state as object, '', (part) => reasonOf(part, configuration))));
    return error;
  } catch (again) {
    return again instanceof BivalentError && again.code === code ? again : error;
  }
}

/** A state or a part of one, of which every read of something that is left out is an error. */
function guarded(held: object, path: string, reason: (part: string) => string | undefined): object {
  // Of a frozen object itself, a proxy could give nothing but what it holds.
  return new Proxy(
    { ...held },
    {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof key === 'symbol') return value;
        const part = path === '' ? key : `${path}.${key}`;
        if (value !== undefined) return path === '' && isByParty(key) ? guarded(value as object, part, reason) : value;
        const why = reason(part);
        if (why === undefined) return value;
        throw new BivalentError(code, `the state has no ${part} here: ${why}`);
      },
    },
  );
}

/** Whether a part of the state has parts for those who receive messages, which may be left out one by one. */
function isByParty(part: string): boolean {
  return part === 'inbox' || part === 'queue';
}

/** Why a part of the state is left out; undefined for what is no part of it. */
function reasonOf(part: string, { parties, clocks, clients, protocol }: Configuration): string | undefined {
  const [name, party] = part.split('.') as [string, string?];
  if (party !== undefined && !parties.includes(party)) return undefined;
  const to = party === undefined ? '' : ` to ${party}`;
  switch (name) {
    case 'inbox':
      return `every link${to} is ordered, so what is in flight is in queue; countInFlight counts it wherever it is`;
    case 'queue':
      return `no link${to} is ordered, so what is in flight is in inbox; countInFlight counts it wherever it is`;
    case 'cut':
      return 'no fault cuts links';
    case 'time':
    case 'clock':
      return clocks === undefined ? `${protocol.name} has no clocks` : undefined;
    case 'client':
      return clients.length === 0 ? `${protocol.name} has no clients` : undefined;
    case 'history':
      return protocol.history === undefined ? `${protocol.name} declares no history` : undefined;
    default:
      return undefined;
  }
}
