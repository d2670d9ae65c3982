/** The name of a step, with its parts told apart. */
import type { RecordValue } from '../../../value/index.ts';
import { stepWords } from '../step-words.ts';

interface StepNameProps {
  readonly step: { readonly action: string | null; readonly parameters: RecordValue; readonly name: string };
}

export function StepName({ step: { action, parameters, name } }: StepNameProps) {
  const { title, route, detail } = stepWords(action, parameters, name);
  return (
    <span class="name">
      {title}
      {route !== undefined && <span class="route"> {route}</span>}
      {detail !== undefined && <span class="detail"> {detail.length > 500 ? `${detail.slice(0, 499)}…` : detail}</span>}
    </span>
  );
}
