/** The spec in the page: on its way, there, or absent for a reason. */
import { useEffect, useState } from 'preact/hooks';

import type { Spec } from '../../../spec/index.ts';
import { Explorer } from '../explorer.ts';
import type { WhatIf } from '../page-data.ts';

/** What is known of the spec in the page. */
export type SpecState =
  | { readonly loading: true }
  | { readonly explorer: Explorer }
  /** The end of a sentence: why there is none. */
  | { readonly absent: string };

/** Loads the spec and binds it as the report's was. */
export function useSpec(whatIf: WhatIf, loadSpec: (() => Promise<{ readonly default: Spec }>) | undefined): SpecState {
  const [state, setState] = useState<SpecState>(() =>
    'absent' in whatIf ? { absent: whatIf.absent } : { loading: true },
  );
  useEffect(() => {
    if ('absent' in whatIf || loadSpec === undefined) return;
    loadSpec()
      .then(({ default: spec }) => setState({ explorer: Explorer.of(spec, whatIf.choice) }))
      .catch((error: unknown) => {
        setState({
          absent: `the spec cannot be run in this browser: ${error instanceof Error ? error.message : String(error)}`,
        });
      });
  }, []);
  return state;
}
