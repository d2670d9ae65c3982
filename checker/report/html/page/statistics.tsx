/** How a run went: how many states each level has, and where it stood from time to time, as charts and as tables. */
import type { Sample } from '../../../explore/index.ts';
import { axesOfLevels, chartsOf, ratesOf, unitFor } from '../charts.ts';
import { BarChart, LineChart } from './chart.tsx';

interface StatisticsProps {
  readonly levels: readonly number[] | undefined;
  /** None where the page was made without times, or the run was short. */
  readonly samples: readonly Sample[];
}

export function Statistics({ levels = [], samples }: StatisticsProps) {
  const hasLevels = levels.length > 1;
  const isTimed = samples.length > 1 && samples.at(-1)!.seconds > 0;
  if (!hasLevels && !isTimed) return null;
  return (
    <section class={`card statistics ${isTimed ? 'wide' : ''}`}>
      <h2>Statistics</h2>
      <div class="charts">
        {isTimed && chartsOf(samples).map((chart) => <LineChart key={chart.title} chart={chart} />)}
        {hasLevels && <LevelChart levels={levels} />}
      </div>
      {isTimed && <SampleTable samples={samples} />}
      {hasLevels && <LevelTable levels={levels} />}
    </section>
  );
}

/** How many states each level has: a search that is about to end has fewer and fewer. */
function LevelChart({ levels }: { readonly levels: readonly number[] }) {
  const most = Math.max(...levels);
  const peak = levels.indexOf(most) + 1;
  const summary = `${levels.length} levels; the largest, level ${peak}, has ${most.toLocaleString('en-US')} states`;
  return <BarChart title="States by level" summary={summary} bars={levels} {...axesOfLevels(levels)} />;
}

function LevelTable({ levels }: { readonly levels: readonly number[] }) {
  return <Table title="Levels in figures" head={['level', 'states']} rows={levels.map((count, i) => [i + 1, count])} />;
}

function SampleTable({ samples }: { readonly samples: readonly Sample[] }) {
  const unit = unitFor(Math.max(...samples.map(({ memoryBytes }) => memoryBytes)), 'memory');
  const rates = ratesOf(samples);
  return (
    <Table
      title="Times in figures"
      head={['time (s)', 'distinct states', 'generated', 'states/s', 'level', 'frontier', `memory (${unit.name})`]}
      rows={samples.map(({ seconds, distinctStates, generatedStates, level, frontier, memoryBytes }, i) => {
        const memory = (memoryBytes / unit.size).toFixed(1);
        return [seconds.toFixed(1), distinctStates, generatedStates, Math.round(rates[i]!), level, frontier, memory];
      })}
    />
  );
}

interface TableProps {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (number | string)[])[];
}

/** A table of figures, which the reader opens. */
function Table({ title, head, rows }: TableProps) {
  return (
    <details>
      <summary>{title}</summary>
      <div class="scroll" role="region" aria-label={title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {row.map((cell, k) => (
                  <td key={k}>{cell.toLocaleString('en-US')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
