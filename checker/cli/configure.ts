/** From a name on the command line to a system that can be run. */
import { BivalentError } from '../core/index.ts';
import { parseFault } from '../protocol/index.ts';
import { bind, parseConstant, type BindOptions, type Spec, type System } from '../spec/index.ts';
import { canonical, toJson, type RecordValue } from '../value/index.ts';
import type { ConfigurationFlags } from './check-options.ts';
import { loadSpec, specFile } from './load-spec.ts';
import type { SpecOfPage } from './report-page.ts';
import { withinLimit } from './run-to-end.ts';

/** A spec, and what was made of it. */
export interface Configured {
  readonly spec: Spec;
  readonly system: System;
  /** The spec as a page of HTML has it. */
  readonly page: SpecOfPage;
}

/**
 * Loads a spec and binds it as the flags say.
 *
 * @param constantsFor - constants that the flags may replace
 * @throws BivalentError where the spec cannot be loaded, or a flag does not fit it
 */
export async function configure(
  nameOrPath: string,
  flags: ConfigurationFlags,
  constantsFor: (spec: Spec) => RecordValue = () => ({}),
): Promise<Configured> {
  const spec = await loadSpec(nameOrPath);
  const constants = { ...constantsFor(spec), ...constantsOf(spec, flags) };
  const { model, mutant, deadlock } = flags;
  const options = { constants, deadlock, ...(model && { model }), ...(mutant && { mutant }) };
  const system = bindWithin(flags.stepTimeout, spec, options);
  return {
    spec,
    system,
    page: { file: specFile(nameOrPath), choice: { ...options, constants: toJson(canonical(constants)) } },
  };
}

/** What `--const` and `--fault` replace. */
function constantsOf(spec: Spec, { const: texts, fault }: ConfigurationFlags): Readonly<Record<string, unknown>> {
  const constants: Record<string, unknown> = Object.fromEntries(texts.map((text) => parseConstant(spec, text)));
  if (fault.length === 0) return constants;
  if (!Object.hasOwn(spec.definition.constants ?? {}, 'faults')) {
    throw new BivalentError(
      'usage/fault',
      `${spec.definition.name} is no protocol: its faults are actions without budgets`,
    );
  }
  const budgets = fault.map(parseFault);
  return { ...constants, faults: Object.assign({}, constants['faults'], ...budgets) as object };
}

/** Binds a spec, which runs its `init`, and ends that where it does not return. */
export function bindWithin(limitMs: number, spec: Spec, options: BindOptions): System {
  return withinLimit(limitMs, () => bind(spec, options));
}
