/**
 * Pictures of operations in time: a line or a bar from each call to its answer.
 *
 * Times are drawn by rank, one column an event, since only their order matters; an operation without an answer runs to
 * the right edge.
 */
import { showOperation, type Operation } from '../../checker/consistency/index.ts';
import { escapeXml } from '../../checker/report/index.ts';

/** What a picture is about. */
export interface TimelineOptions {
  /** Operations to mark: the answer that cannot be reached, say. */
  readonly marked?: ReadonlySet<Operation>;
}

interface Bar {
  readonly operation: Operation;
  readonly from: number;
  readonly to: number;
}

/** The columns of each operation, in the order of calls; `width` is the number of columns. */
function bars(operations: readonly Operation[]): { readonly bars: readonly Bar[]; readonly width: number } {
  const times = new Set(operations.flatMap(({ invoked, returned }) => [invoked, returned]).filter(Number.isFinite));
  const column = new Map([...times].sort((a, b) => a - b).map((time, index) => [time, index]));
  const ordered = [...operations].sort((a, b) => a.invoked - b.invoked);
  const width = column.size;
  return {
    width,
    bars: ordered.map((operation) => ({
      operation,
      from: column.get(operation.invoked)!,
      to: column.get(operation.returned) ?? width,
    })),
  };
}

/** A timeline as text, one operation a line: `├──┤` from call to answer, `├──╌` where no answer came. */
export function timelineText(operations: readonly Operation[], { marked = new Set() }: TimelineOptions = {}): string {
  const drawn = bars(operations);
  const scale = drawn.width * 3 <= 90 ? 3 : drawn.width <= 90 ? 1 : 90 / drawn.width;
  const at = (column: number): number => Math.round(column * scale);
  const end = at(drawn.width);
  const names = drawn.bars.map(({ operation }) => `process ${operation.process}`);
  const indent = Math.max(0, ...names.map((name) => name.length));
  const lines = drawn.bars.map(({ operation, from, to }, index) => {
    const isOpen = operation.returned === Infinity;
    const bar = `├${'─'.repeat(Math.max(0, at(to) - at(from) - 1))}${isOpen ? '╌' : '┤'}`;
    const line = operation.line === undefined ? '' : `  line ${operation.line}`;
    const mark = marked.has(operation) ? '  ←' : '';
    return `${names[index]!.padEnd(indent)}  ${`${' '.repeat(at(from))}${bar}`.padEnd(end + 2)}  ${showOperation(operation)}${line}${mark}`;
  });
  return `${lines.join('\n')}\n`;
}

const columnWidth = 28;
const rowHeight = 30;
const labelWidth = 110;

/** A timeline as an SVG document, a row for each process. */
export function timelineSvg(operations: readonly Operation[], { marked = new Set() }: TimelineOptions = {}): string {
  const drawn = bars(operations);
  const processes = [...new Set(drawn.bars.map(({ operation }) => String(operation.process)))];
  const labels = drawn.bars.map(({ operation }) => showOperation(operation));
  const longest = Math.max(0, ...labels.map((label) => label.length)) * 7;
  const width = labelWidth + drawn.width * columnWidth + longest + 20;
  // Bars that are close would write over each other's labels: every operation has a line of its own within its process.
  const rows = drawn.bars
    .map((bar, index) => ({ bar, index }))
    .sort(
      (a, b) => processes.indexOf(String(a.bar.operation.process)) - processes.indexOf(String(b.bar.operation.process)),
    );
  const shapes = rows.map(({ bar, index }, row) => {
    const [x, y] = [labelWidth + bar.from * columnWidth, 10 + row * rowHeight];
    const length = Math.max(6, (bar.to - bar.from) * columnWidth);
    const isMarked = marked.has(bar.operation);
    const dash = bar.operation.returned === Infinity ? ' stroke-dasharray="4 3"' : '';
    const first = row === 0 || rows[row - 1]!.bar.operation.process !== bar.operation.process;
    const label = first
      ? `<text x="4" y="${y + 15}" class="process">process ${escapeXml(String(bar.operation.process))}</text>`
      : '';
    return `${label}<rect x="${x}" y="${y}" width="${length}" height="20" rx="4" fill="${isMarked ? '#fbd5d5' : '#dbe8fb'}" stroke="${isMarked ? '#b42318' : '#2f5f9e'}"${dash}/><text x="${x + length + 6}" y="${y + 15}">${escapeXml(labels[index]!)}</text>`;
  });
  const height = 20 + rows.length * rowHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, monospace" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${shapes.join('\n')}
</svg>
`;
}
