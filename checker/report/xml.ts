/**
 * Text for XML, between tags and in attributes.
 *
 * Characters that XML has no way to write are replaced by U+FFFD: most control characters, halves of surrogate pairs.
 *
 * Cost: O(length).
 */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
