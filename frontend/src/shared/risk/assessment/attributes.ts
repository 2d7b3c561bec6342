/** Attributes as lines: the path of each value (`basket.items.0.sku`), and the value in words; lists of plain values in one. */
export function leaves(value: unknown, path = ''): [string, string | null][] {
  if (value === null) return [[path, null]];
  if (typeof value !== 'object') return [[path, String(value)]];
  const inner = Object.entries(value);
  if (inner.length === 0) return path ? [[path, Array.isArray(value) ? 'empty list' : 'empty']] : [];
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return [[path, value.join(', ')]];
  return inner.flatMap(([key, each]) => leaves(each, path ? `${path}.${key}` : key));
}
