/**
 * Behaviours as sequence diagrams of Mermaid, which GitHub and GitLab draw in issues.
 *
 * A message is drawn where it arrives or is lost, and says in which step it was sent if that was not the one before. What is
 * in flight at the end is drawn below the last step.
 */
import { show } from '../value/index.ts';
import { shortened } from './shortened.ts';
import type { Behaviour, Report, ReportStep } from './report.ts';
import type { Message } from './space-time.ts';

/** A line is not longer; the JSON report has all. */
const longestLine = 120;

/** The behaviour of a report as a sequence diagram; `undefined` where it has none. */
export function mermaidReport({ behaviour, subject }: Report): string | undefined {
  return behaviour && sequenceDiagram(behaviour, subject);
}

/**
 * A behaviour as a sequence diagram.
 *
 * @param nobody - who takes the steps that nobody in particular takes, where there are no lanes at all
 */
export function sequenceDiagram(behaviour: Behaviour, nobody: string): string {
  const { steps, messages, loopsTo } = behaviour;
  const lanes = behaviour.lanes.length === 0 ? [nobody] : behaviour.lanes;
  const id = (lane: string): string => `p${Math.max(lanes.indexOf(lane), 0)}`;
  const everybody = lanes.length === 1 ? 'p0' : `p0,p${lanes.length - 1}`;
  const lines = steps.slice(1).flatMap((step) => {
    const arrows = [...step.received, ...step.lost].map((i) => arrow(messages[i]!, step, id));
    const note = `Note over ${step.lane === undefined ? everybody : id(step.lane)}: ${label(step)}`;
    // A message that arrives is its step: only what a step of its own does needs a note.
    const body = step.received.length > 0 && step.fault === undefined ? arrows : [note, ...arrows];
    // The steps of a loop are those after the state that it returns to.
    return step.index - 1 === loopsTo ? ['loop for ever', ...body] : body;
  });
  const open = messages.filter(({ ended }) => ended === undefined).map((message) => openArrow(message, id));
  const last = steps.length - 1;
  const end =
    loopsTo === undefined ? [] : loopsTo === last ? [`Note over ${everybody}: nothing changes any more`] : ['end'];
  return `${[
    'sequenceDiagram',
    ...lanes.map((lane) => `  participant ${id(lane)} as ${plain(shortened(lane.trim() || '(no name)', 40))}`),
    ...[...lines, ...end, ...open].map((line) => `  ${line}`),
  ].join('\n')}\n`;
}

function label({ index, name }: ReportStep): string {
  return plain(shortened(`${index} ${name}`, longestLine));
}

function arrow(message: Message, { index, name, fault }: ReportStep, id: (lane: string) => string): string {
  const { from, to, type, fields, sent, end, isCopy } = message;
  const what = Object.keys(fields).length === 0 ? type : `${type} ${show(fields)}`;
  const earlier = sent === undefined ? ' (in flight at first)' : sent >= index - 1 ? '' : ` (sent in ${sent})`;
  const copy = isCopy === true ? ' (a copy)' : '';
  const head = end === 'lost' ? '-x' : '->>';
  const number = fault === undefined || end === 'lost' ? `${index} ` : '';
  const text = fault === undefined && end === 'received' && !name.startsWith(type) ? `${name}: ${what}` : what;
  return `${id(from)}${head}${id(to)}: ${plain(shortened(`${number}${text}${copy}${earlier}`, longestLine))}`;
}

function openArrow({ from, to, type, fields }: Message, id: (lane: string) => string): string {
  const what = Object.keys(fields).length === 0 ? type : `${type} ${show(fields)}`;
  return `${id(from)}--)${id(to)}: ${plain(shortened(`${what} (in flight at the end)`, longestLine))}`;
}

/** Text in which nothing means anything to Mermaid: all but letters, digits and what is harmless is a character code. */
function plain(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,:()={}[\]→'"+*/…×!?-]/gu, (c) => `#${c.codePointAt(0)};`);
}
