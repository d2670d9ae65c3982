/** The property that fails, and what it read where it does. */
import { show } from '../../../value/index.ts';
import type { FailedProperty } from '../../report.ts';
import { Text } from './text.tsx';

export function Failure({ failure: { sentence, read } }: { readonly failure: FailedProperty }) {
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
    </div>
  );
}
