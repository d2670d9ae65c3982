/** What was checked, how often each action was taken, and what else there is to say. */
import { show } from '../../../value/index.ts';
import type { Coverage } from '../../coverage.ts';
import type { Report } from '../../report.ts';
import { samplesAt } from '../../saved.ts';
import { CopyButton } from './header.tsx';
import { Statistics } from './statistics.tsx';
import { Text } from './text.tsx';

export function RunFacts({ report }: { readonly report: Report }) {
  const { figures, constants, command, coverage, levels, findings, picture, document } = report;
  const { samples } = document;
  const settings = Object.entries(constants);
  return (
    <div class="facts">
      {findings.map(({ title, text }) => (
        <section key={title} class="card wide">
          <h2>{title}</h2>
          <pre>{text}</pre>
        </section>
      ))}
      {picture !== undefined && (
        <section class="card wide">
          <img src={`data:image/svg+xml;utf8,${encodeURIComponent(picture)}`} alt={report.headline} />
        </section>
      )}
      <section class="card">
        <h2>What was checked</h2>
        <dl>
          {figures.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value.toLocaleString('en-US')}</dd>
            </div>
          ))}
          {settings.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Text>{show(value)}</Text>
              </dd>
            </div>
          ))}
        </dl>
        {command !== undefined && (
          <>
            <h3>To see it again</h3>
            <pre>{command}</pre>
            <CopyButton label="Copy the command" text={() => command} />
          </>
        )}
      </section>
      {coverage !== undefined && Object.keys(coverage.actions).length > 0 && <CoverageChart coverage={coverage} />}
      <Statistics levels={levels} samples={samples === undefined ? [] : samplesAt(samples)} />
    </div>
  );
}

function CoverageChart({ coverage: { actions, faults } }: { readonly coverage: Coverage }) {
  const most = Math.max(1, ...Object.values(actions).map(({ taken }) => taken));
  return (
    <section class="card">
      <h2>Actions</h2>
      <table class="coverage">
        <thead>
          <tr>
            <th scope="col">action</th>
            <th scope="col">
              <span class="unseen">share</span>
            </th>
            <th scope="col" class="figure">
              taken
            </th>
            <th scope="col" class="figure">
              new states
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(actions).map(([name, { taken, distinct }]) => (
            <tr key={name} class={taken === 0 ? 'never' : ''}>
              <th scope="row">
                {name}
                {Object.hasOwn(faults, name) && <span class="badge">fault</span>}
              </th>
              <td class="bar" aria-hidden="true">
                <span class="taken" style={{ width: `${(100 * taken) / most}%` }} />
                <span class="new" style={{ width: `${(100 * distinct) / most}%` }} />
              </td>
              <td class="figure">{taken.toLocaleString('en-US')}</td>
              <td class="figure">{distinct.toLocaleString('en-US')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
