/** Text made safe for the formats that reports are written in. */

/** Text as it may stand in XML and HTML, in attributes too. What XML cannot hold becomes a replacement character. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd'); // oxlint-disable-line no-control-regex -- XML forbids them
}

/** A string of the DOT language. */
export function dotString(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Text that is not longer than so many characters: of a longer one the beginning, and how long it is. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/\p{Surrogate}$/u, '')}… (${text.length.toLocaleString('en-US')} characters)`;
}
