/** The colours of pictures of state graphs: the level fills a state, the action colours a step, red is what is wrong. */

/** Distinguishable with colour-blindness, and dark enough for thin lines on white. After Okabe and Ito 2008. */
const actionColors = ['#0072b2', '#d55e00', '#007a5a', '#a8468a', '#8a6d00', '#2a8fc4', '#5a5a5a', '#6a3d9a'] as const;

/** What is violated. */
export const brokenColor = '#b00020';
export const brokenFill = '#ffd9dc';

/** The colour of the action of that number; from the ninth on colours are used again, with other dashes. */
export function actionColor(index: number): string {
  return actionColors[index % actionColors.length]!;
}

/** Whether the steps of the action of that number are dashed, to tell them from those of the same colour. */
export function isDashed(index: number): boolean {
  return Math.floor(index / actionColors.length) % 2 === 1;
}

/** The fill of a state: the deeper, the darker, and always light enough for black text. */
export function levelColor(level: number, levels: number): string {
  const depth = levels <= 1 ? 0 : (level - 1) / (levels - 1);
  const [from, to] = [
    [255, 252, 232],
    [160, 200, 228],
  ] as const;
  const channels = from.map((start, i) => Math.round(start + (to[i]! - start) * depth));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
