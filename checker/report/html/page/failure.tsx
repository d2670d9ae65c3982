/** The property that fails, what it read where it does, and why the step before was possible. */
import { show } from '../../../value/index.ts';
import type { Explanation } from '../../explanation.ts';
import { decisionParts, lastStepParts } from '../../explanation-text.ts';
import type { Behaviour, FailedProperty } from '../../report.ts';
import { Text } from './text.tsx';

interface FailureProps {
  readonly failure: FailedProperty;
  readonly explanation: Explanation | undefined;
  readonly behaviour: Behaviour;
}

export function Failure({ failure: { sentence, read }, explanation, behaviour }: FailureProps) {
  return (
    <div class="failure">
      <p>{sentence}</p>
      {read.length > 0 && (
        <table>
          <caption>It read</caption>
          <tbody>
            {read.map(({ path, value }, i) => (
              <tr key={i}>
                <th scope="row">{path}</th>
                <td>
                  <Text>{show(value)}</Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {explanation !== undefined && <Why explanation={explanation} behaviour={behaviour} />}
    </div>
  );
}

function Why({ explanation, behaviour }: { readonly explanation: Explanation; readonly behaviour: Behaviour }) {
  const parts = [
    ...decisionParts(explanation),
    ...lastStepParts(explanation, (step) => behaviour.steps[step]?.name ?? ''),
  ];
  return (
    <dl>
      {parts.map(({ sentence, lines }) => (
        <div key={sentence}>
          <dt>{sentence}</dt>
          {lines.map((line, i) => (
            <dd key={i}>
              <Text>{line}</Text>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
