import { expect, test } from 'vitest';
import { lineFaults, MAX_LINES, parse } from './parse';

test('each line is an entry, with a time of its own after a comma, and empty lines are nothing', () => {
  const { items, faults } = parse(
    'device-1\n\n device-2 , 2027-01-31\ndevice-3\t2027-01-31T10:00:00+01:00',
    null,
  );
  expect(faults).toEqual([]);
  expect(items).toEqual([
    { line: 1, value: 'device-1', expires_at: null },
    // Until the end of that day.
    { line: 3, value: 'device-2', expires_at: '2027-02-01T00:00:00.000Z' },
    { line: 4, value: 'device-3', expires_at: '2027-01-31T09:00:00.000Z' },
  ]);
});

test('what is said for all holds for lines that say nothing else', () => {
  const { items } = parse('a\nb,2027-01-31', '2028-01-01T00:00:00Z');
  expect(items.map(({ expires_at }) => expires_at?.slice(0, 4))).toEqual(['2028', '2027']);
});

test('a wrong day, a repetition and a line without a value are each told at their line', () => {
  const { items, faults } = parse('a\na\nb, soon\n, 2027-01-31\nc', null);
  expect(items.map(({ value }) => value)).toEqual(['a', 'c']);
  expect(faults).toEqual([
    { line: 2, detail: 'the same as line 1' },
    { line: 3, detail: 'soon is no day such as 2027-01-31' },
    { line: 4, detail: 'there is nothing before the comma' },
  ]);
});

test('too many are refused before they are sent', () => {
  const text = Array.from({ length: MAX_LINES + 1 }, (_, i) => `value-${i}`).join('\n');
  expect(parse(text, null).faults).toMatchObject([{ line: MAX_LINES + 1 }]);
});

test('what the server says of an item is told at the line that it came from', () => {
  const { items } = parse('10.0.0.1\n\n10.0.0.999', null);
  const fields = [
    { field: 'items.1.value', detail: 'no address' },
    { field: 'reason', detail: 'too short' },
  ];
  expect(lineFaults(fields, items)).toEqual([{ line: 3, detail: 'no address' }]);
});
