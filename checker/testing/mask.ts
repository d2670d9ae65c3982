/**
 * Replaces what differs from run to run in the output of `bivalent`: times, rates, sizes, and how often user code was
 * called. What is left can be compared with the output that a README quotes.
 */
export function maskFigures(output: string): string {
  return output
    .replaceAll(/^ {2}[\d.,]+ s, [\d,]+ states\/s.*$/gm, '  (time and memory)')
    .replaceAll(/ +[\d.]+ s$/gm, '  …')
    .replaceAll(/ +time$/gm, '  time');
}
