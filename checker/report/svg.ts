/**
 * Behaviours as space-time diagrams in SVG: a line for each of those who take part, time downwards, an arrow for each
 * message, marks for faults, and beside each step what it was.
 */
import { shortened } from './shortened.ts';
import { escapeXml } from './xml.ts';
import type { Behaviour, Report, ReportStep } from './report.ts';
import type { Message } from './space-time.ts';

const longestLabel = 110;
const longestText = 200;
const longestTitle = 1000;
/** About that of the font; for the width of the picture. */
const characterWidth = 8;
const rowHeight = 34;
const laneWidth = 150;
const top = 84;
const left = 80;

/** The diagram of a report's behaviour, or the picture that it brings along; `undefined` where it has neither. */
export function svgReport({ behaviour, picture, headline, failure }: Report): string | undefined {
  if (behaviour === undefined) return picture;
  const drawing = new Drawing(behaviour);
  const height = drawing.bottom + 60;
  const labels =
    drawing.labelsAt + 40 + characterWidth * Math.max(...behaviour.steps.map((step) => labelOf(step).length));
  const sentence = characterWidth * shortened(failure?.sentence ?? '', longestText).length + left;
  const title = 1.2 * characterWidth * shortened(headline, longestText).length + left;
  const width = Math.max(labels, sentence, title);
  const violated = failure === undefined ? [] : [text(left - 50, height - 18, failure.sentence, 'bad')];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" viewBox="0 0 ${Math.ceil(width)} ${height}" role="img">
<title>${escapeXml(shortened(headline, longestTitle))}</title>
<style>${style}</style>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="12" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker><marker id="again" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="5" markerHeight="5" orient="auto"><path class="turn" d="M0 0L8 4L0 8z"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
${[text(left - 50, 26, headline, 'title'), ...drawing.shapes(), ...violated].join('\n')}
</svg>
`;
}

const style =
  'text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328}.title{font:bold 15px system-ui,sans-serif}' +
  '.lane{font-weight:bold;text-anchor:middle}.small{font-size:11px;fill:#57606a;paint-order:stroke;stroke:#fff;stroke-width:3px}.bad{fill:#b42318;font-weight:bold}' +
  '.fault{fill:#b25000}line,.path{fill:none}.head{fill:#2f5f9e}.turn,.again{fill:#6639ba}.again{font-size:20px}.life{stroke:#afb8c1;stroke-width:2}.down{stroke:#afb8c1;stroke-width:2;stroke-dasharray:2 5}' +
  '.message{stroke:#2f5f9e;stroke-width:1.5;marker-end:url(#arrow)}.open{stroke:#2f5f9e;stroke-width:1.5;stroke-dasharray:4 4}' +
  '.lost{stroke:#b25000;stroke-width:1.5;stroke-dasharray:4 4}.wall{stroke:#b25000;stroke-dasharray:8 4}.loop{stroke:#6639ba;stroke-width:2;marker-end:url(#again)}';

/** Faults after which somebody does nothing, until one of those that end it. */
const stops = new Set(['crash', 'crashForever', 'unsynced', 'torn', 'pause']);
const starts = new Set(['restart', 'resume']);

class Drawing {
  readonly #behaviour: Behaviour;
  readonly #column = new Map<string, number>();
  readonly labelsAt: number;
  readonly bottom: number;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
    for (const lane of behaviour.lanes) this.#column.set(lane, left + this.#column.size * laneWidth);
    this.labelsAt = left + Math.max(behaviour.lanes.length - 1, 0) * laneWidth + 60;
    this.bottom = this.#row(behaviour.steps.length - 1) + 24;
  }

  shapes(): readonly string[] {
    const { lanes, messages, steps } = this.#behaviour;
    return [
      ...lanes.flatMap((lane) => this.#lane(lane)),
      ...messages.map((message) => this.#message(message)),
      ...steps.flatMap((step) => this.#step(step)),
      ...this.#loop(),
    ];
  }

  #row(index: number): number {
    return top + index * rowHeight;
  }

  /** The line of somebody, broken where it does nothing. */
  #lane(lane: string): readonly string[] {
    const x = this.#column.get(lane)!;
    const pieces: string[] = [];
    let [from, isUp] = [top - 12, true];
    const end = (y: number): void => {
      pieces.push(`<line class="${isUp ? 'life' : 'down'}" x1="${x}" y1="${from}" x2="${x}" y2="${y}"/>`);
      from = y;
    };
    for (const { index, fault } of this.#behaviour.steps.filter((step) => step.lane === lane)) {
      if (fault === undefined || !(isUp ? stops : starts).has(fault)) continue;
      end(this.#row(index));
      isUp = !isUp;
    }
    end(this.bottom);
    return [text(x, top - 22, shortened(lane, 18), 'lane'), ...pieces];
  }

  #step(step: ReportStep): readonly string[] {
    const y = this.#row(step.index);
    const x = step.lane === undefined ? undefined : this.#column.get(step.lane);
    const title = `<title>${escapeXml(shortened(step.name, longestTitle))}</title>`;
    const label = text(this.labelsAt, y + 4, labelOf(step), step.fault === undefined ? '' : 'fault');
    if (step.fault !== undefined && x !== undefined) {
      return [`<g>${title}${starts.has(step.fault) ? ring(x, y) : cross(x, y)}</g>`, label];
    }
    if (x !== undefined) return [`<circle cx="${x}" cy="${y}" r="5" fill="#1f2328">${title}</circle>`, label];
    if (step.fault === undefined || step.fault === 'loss') return [label];
    return [`<line class="wall" x1="${left - 30}" y1="${y}" x2="${this.labelsAt - 20}" y2="${y}"/>`, label];
  }

  #message({ from, to, type, sent = 0, ended, end }: Message): string {
    const [x1, y1] = [this.#column.get(from) ?? left, this.#row(sent)];
    const target = this.#column.get(to) ?? left;
    const y2 = ended === undefined ? this.bottom : this.#row(ended);
    // What does not arrive ends half-way.
    const x2 = end === 'received' ? target : (x1 + target) / 2;
    const kind = end === 'received' ? 'message' : end === 'lost' ? 'lost' : 'open';
    const bend = x1 === target ? 46 : 0;
    const path =
      bend === 0 ? `M${x1} ${y1}L${x2} ${y2}` : `M${x1} ${y1}C${x1 + bend} ${y1} ${x1 + bend} ${y2} ${x1} ${y2}`;
    // What is in flight at the end is short, and often one of many: each label is near its own end.
    const part = end === 'received' ? 0.4 : 0.9;
    const [lx, ly] = [x1 + (x2 - x1) * part + bend * 0.8 + 4, y1 + (y2 - y1) * part - 4];
    const mark = end === 'lost' ? cross(bend === 0 ? x2 : x1, y2) : '';
    return `<path class="path ${kind}" d="${path}"/>${mark}${text(lx, ly, shortened(type, 18), 'small')}`;
  }

  #loop(): readonly string[] {
    const { loopsTo, steps } = this.#behaviour;
    if (loopsTo === undefined) return [];
    const y1 = this.#row(steps.length - 1);
    // A behaviour that stays where it is goes round in its last state.
    const y2 = loopsTo === steps.length - 1 ? y1 - rowHeight / 2 : this.#row(loopsTo);
    const x = left - 30;
    const path = `M${x} ${y1}C${x - 36} ${y1} ${x - 36} ${y2} ${x} ${y2}`;
    return [
      `<path class="path loop" d="${path}"><title>for ever</title></path>`,
      text(x - 48, (y1 + y2) / 2 + 6, '∞', 'again'),
    ];
  }
}

function labelOf({ index, name, event }: ReportStep): string {
  return shortened(`${index}  ${name}${event === undefined ? '' : `   ${event}`}`, longestLabel);
}

/** Somebody goes on. */
function ring(x: number, y: number): string {
  return `<circle cx="${x}" cy="${y}" r="6" fill="#fff" stroke="#b25000" stroke-width="3"/>`;
}

/** A fault. */
function cross(x: number, y: number): string {
  return `<path d="M${x - 6} ${y - 6}L${x + 6} ${y + 6}M${x - 6} ${y + 6}L${x + 6} ${y - 6}" stroke="#b25000" stroke-width="3"/>`;
}

function text(x: number, y: number, content: string, kind: string): string {
  const rounded = [x, y].map((n) => Math.round(n * 10) / 10);
  const named = kind === '' ? '' : ` class="${kind}"`;
  return `<text x="${rounded[0]}" y="${rounded[1]}"${named}>${escapeXml(shortened(content, longestText))}</text>`;
}
