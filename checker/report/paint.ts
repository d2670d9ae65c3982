/** The colours of text reports, in one place. */
import colors from 'picocolors';

/** How text is emphasised. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>>;

/** Colours for a terminal, or for plain text functions that change nothing. */
export function paintFor(color: boolean): Paint {
  return colors.createColors(color);
}
