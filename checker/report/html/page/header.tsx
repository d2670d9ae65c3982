/** The verdict, and what can be done with the report as a whole. */
import { useState } from 'preact/hooks';

import { withoutMeasured } from '../../json.ts';
import { markdownReport } from '../../markdown.ts';
import type { Outcome, Report } from '../../report.ts';
import type { Theme } from './theme.ts';

interface HeaderProps {
  /** The report of all counterexamples, of which `report` is one. */
  readonly all: Report;
  readonly report: Report;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

const marks: Readonly<Record<Outcome, string>> = { holds: '✓', violated: '✗', undecided: '?' };

export function Header({ all, report, theme, onTheme, onHelp }: HeaderProps) {
  const { outcome, headline, reason, faults, notes, failure } = report;
  return (
    <header class={`top ${outcome}`}>
      <div class="verdict">
        <span class="mark" aria-hidden="true">
          {marks[outcome]}
        </span>
        <div>
          <h1>{headline}</h1>
          {failure !== undefined && <p>{failure.sentence}.</p>}
          {reason !== undefined && outcome === 'violated' && <p>{reason}</p>}
          {faults !== undefined && <p>On the way: {faults}.</p>}
          {all.others !== undefined && <Others all={all} report={report} />}
          {notes.map((note) => (
            <p key={note} class="warning">
              {note}
            </p>
          ))}
        </div>
      </div>
      <div class="actions">
        <CopyButton label="Copy Markdown" text={() => markdownReport(all)} />
        <CopyButton label="Copy JSON" text={() => `${JSON.stringify(withoutMeasured(all.document), null, 2)}\n`} />
        <button type="button" onClick={onTheme} aria-label={`Theme: ${theme}`} title="Light or dark (t)">
          {theme === 'dark' ? '☾ Dark' : theme === 'light' ? '☀ Light' : '◐ System'}
        </button>
        <button type="button" onClick={onHelp} aria-label="Help" title="Keys and how to read this page (?)">
          ?
        </button>
      </div>
    </header>
  );
}

/** The choice between counterexamples. */
function Others({ all, report }: Pick<HeaderProps, 'all' | 'report'>) {
  const { sentence, reports } = all.others!;
  if (reports.length === 0) return <p>{sentence}.</p>;
  return (
    <nav class="others" aria-label="Counterexamples">
      <p>{sentence}.</p>
      {[all, ...reports].map((one, i) => (
        <a key={i} href={`#counterexample=${i + 1}`} {...(one === report && { 'aria-current': 'page' as const })}>
          {i + 1}. {one.headline}
        </a>
      ))}
    </nav>
  );
}

/** Copies a text, and says whether that went well. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const [said, setSaid] = useState<string>();
  const copy = async (): Promise<void> => {
    setSaid((await copied(text())) ? 'Copied' : 'Not allowed here');
    setTimeout(() => setSaid(undefined), 1500);
  };
  return (
    <button type="button" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** Pages on disk have no clipboard in some browsers, but may copy what is selected. */
function copiedBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  return isCopied;
}
