/** A label on an axis: where it belongs, and how wide it is. */
interface Label {
  at: number;
  width: number;
}

const GAP = 6;

/** How wide `text` is in the smallest print, in pixels, as near as needs be. */
export const textWidth = (text: string): number => text.length * 6.2;

/** The middles of labels, in ascending order: each as near to its place as it can be without touching another or an end. */
export function apart(labels: readonly Label[], from: number, to: number): number[] {
  const room = (i: number) => ((labels[i - 1]?.width ?? 0) + (labels[i]?.width ?? 0)) / 2 + GAP;
  const middles = labels.map(({ at, width }) => Math.max(at, from + width / 2));
  for (let i = 1; i < middles.length; i++)
    middles[i] = Math.max(middles[i] ?? 0, (middles[i - 1] ?? 0) + room(i));
  for (let i = middles.length - 1; i >= 0; i--) {
    const end =
      i === middles.length - 1 ? to - (labels[i]?.width ?? 0) / 2 : (middles[i + 1] ?? to) - room(i + 1);
    middles[i] = Math.min(middles[i] ?? 0, end);
  }
  return middles;
}

/** Which labels of an axis are shown: the first, the last, and those between that touch no shown one. */
export function shownLabels(labels: readonly Label[]): boolean[] {
  const touches = (a: Label, b: Label) => Math.abs(a.at - b.at) < (a.width + b.width) / 2 + GAP;
  const last = labels.at(-1);
  let before = labels[0];
  return labels.map((label, i) => {
    if (i === 0 || label === last) return true;
    if ((before && touches(before, label)) || (last && touches(last, label))) return false;
    before = label;
    return true;
  });
}

/** Labels of ticks, of which none says what the one before it said. */
export const distinct = (labels: readonly string[]): string[] =>
  labels.map((label, i) => (label === labels[i - 1] ? '' : label));
