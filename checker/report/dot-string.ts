/** A string of the DOT language, in quotes. A NUL, at which programs would cut the text, becomes U+FFFD. */
export function dotString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped.replaceAll('\0', '\ufffd')}"`;
}
