/** Texts that are too long for where they stand. */

/** Text that is not longer than so many characters: of a longer one the beginning, and how long it is. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/\p{Surrogate}$/u, '')}… (${text.length.toLocaleString('en-US')} characters)`;
}
