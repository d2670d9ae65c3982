/** What was checked, how often each action was taken, how many states each level has, and what else there is to say. */
import { show } from '../../../value/index.ts';
import type { Coverage } from '../../coverage.ts';
import type { Report } from '../../report.ts';
import { CopyButton } from './header.tsx';
import { Text } from './text.tsx';

export function RunFacts({ report }: { readonly report: Report }) {
  const { figures, constants, command, coverage, levels, findings, picture } = report;
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
      {levels !== undefined && levels.length > 1 && <LevelChart levels={levels} />}
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

/** The height of the chart of levels, in the units of its view box. */
const chartHeight = 120;

/** How many states each level has: a search that is about to end has fewer and fewer. */
function LevelChart({ levels }: { readonly levels: readonly number[] }) {
  const most = Math.max(...levels);
  const peak = levels.indexOf(most) + 1;
  const width = 100 / levels.length;
  const summary = `${levels.length} levels; the largest, level ${peak}, has ${most.toLocaleString('en-US')} states`;
  return (
    <section class="card">
      <h2>States by level</h2>
      <svg class="levels" viewBox={`0 0 100 ${chartHeight}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        {levels.map((count, i) => {
          const height = Math.max(1, (chartHeight * count) / most);
          return (
            <rect key={i} x={i * width} y={chartHeight - height} width={width * 0.86} height={height}>
              <title>{`level ${i + 1}: ${count.toLocaleString('en-US')} states`}</title>
            </rect>
          );
        })}
      </svg>
      <p class="ends">
        <span>level 1</span>
        <span>level {levels.length}</span>
      </p>
      <p class="dim">{summary}.</p>
    </section>
  );
}
