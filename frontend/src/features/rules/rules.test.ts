import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import type { AssessmentDetail, RuleDetail, RuleStatus } from '@/shared/api/types';
import { complete } from '@/shared/expressions/completion';
import { places } from '@/shared/expressions/places';
import { assessment } from '@/testing/fixtures';
import { begin, change, isChanged, toDefinition } from './draft/draft';
import { readSample, toSample, writeSample } from './trial/sample';
import { pieces } from './versions/diff';
import { moves, needsAnother } from './versions/moves';
import { steps } from './versions/steps';

const DEFINITION = {
  owner: 'payments',
  description: '',
  expression: 'event.amount > 500.0',
  points: 1.5,
  min_level: null,
  reason_text: 'large',
};

test('a draft is changed when its text is, and not when it is typed back', () => {
  let state = begin(3, DEFINITION);
  expect(toDefinition(state.draft)).toEqual(DEFINITION);
  state = change(state, { type: 'typed', part: { expression: 'true' } });
  expect(isChanged(state)).toBe(true);
  state = change(state, { type: 'typed', part: { expression: DEFINITION.expression } });
  expect(isChanged(state)).toBe(false);
});

test('the text of an older version is an edit of the newest', () => {
  const older = { ...DEFINITION, points: null, min_level: 'HIGH' as const };
  const state = change(begin(3, DEFINITION), { type: 'took', definition: older });
  expect([state.version, isChanged(state)]).toEqual([3, true]);
  expect(toDefinition(state.draft)).toMatchObject({ points: null, min_level: 'HIGH' });
});

test('a fault marks the word at its column, counted in characters, not in units of a string', () => {
  const [place] = places('event.channel == "😀"\n  && evnt.amount > 5.0', [
    { detail: 'no', line: 2, column: 6 },
  ]);
  expect(place).toMatchObject({ from: 27, to: 38 });
  expect(places('"😀" == x', [{ detail: 'no', line: 1, column: 8 }])[0]).toMatchObject({ from: 8, to: 9 });
});

test('a fault at the end marks what stands before it', () => {
  expect(places('a &&', [{ detail: 'no', line: 1, column: 5 }])[0]).toMatchObject({ from: 3, to: 4 });
});

test('fields, methods of a field, and lists are each offered where they may stand', () => {
  const vocabulary = {
    names: [{ name: 'event.ip', type: 'string', meaning: 'the address', unit: null }],
    functions: [
      { name: 'in_list', usage: '', meaning: '' },
      { name: 'startsWith', usage: '', meaning: '' },
    ],
    lists: [{ name: 'bad_nets', purpose: 'deny' as const, subject: 'ip' as const, description: '' }] as never,
  };
  const offered = (text: string) => {
    const context = new CompletionContext(EditorState.create({ doc: text }), text.length, true);
    const found = complete(vocabulary, context);
    return [found?.from, found?.options.map(({ label }) => label)];
  };
  expect(offered('ev')).toEqual([0, ['event.ip', 'in_list']]);
  expect(offered('true && event.ip.st')).toEqual([17, ['startsWith']]);
  expect(offered('in_list("ba')).toEqual([9, ['bad_nets']]);
});

test('a difference is told in whole words', () => {
  expect(pieces('event.amount > 500.0', 'event.amount > 900.0 && true')).toEqual([
    { kind: 'same', text: 'event.amount > ' },
    { kind: 'gone', text: '500.0' },
    { kind: 'new', text: '900.0 && true' },
  ]);
});

function rule(status: RuleStatus, stage: Partial<RuleDetail['stage']>, latest = 1) {
  const version = { ...DEFINITION, version: latest, created_at: '', created_by: 'ana@example.com', status };
  const versions = latest > 1 ? [version, { ...version, version: 1, status: 'live' as const }] : [version];
  return {
    stage: { live_version: null, percent: 0, shadow_version: null, archived: false, ...stage },
    status,
    latest: version,
    versions,
    second_person: true,
  };
}

test('the step ahead comes first, and what concerns an older live version says so', () => {
  expect(moves(rule('draft', {})).map(({ name }) => name)).toEqual(['Put in shadow', 'Archive']);
  expect(
    moves(rule('shadow', { live_version: 1, percent: 10, shadow_version: 2 }, 2)).map(({ name }) => name),
  ).toEqual([
    'Put live (v2)',
    'Back to draft (v2)',
    'Archive',
    'Change its share (v1)',
    'Back to shadow (v1)',
  ]);
});

test('with approval the author does not put it live', () => {
  const shadow = rule('shadow', { shadow_version: 1 });
  expect(needsAnother(shadow, { to: 'live', version: 1 }, 'ana@example.com')).toBe(true);
  expect(needsAnother(shadow, { to: 'live', version: 1 }, 'bob@example.com')).toBe(false);
  expect(needsAnother(shadow, { to: 'draft', version: 1 }, 'ana@example.com')).toBe(false);
  expect(
    needsAnother({ ...shadow, second_person: false }, { to: 'live', version: 1 }, 'ana@example.com'),
  ).toBe(false);
});

test('a stored assessment becomes a sample that reads back as itself', () => {
  const stored = {
    ...assessment(1),
    amount: '19.90',
    currency: 'EUR',
    counterparty_id: null,
    attributes: { basket: 3 },
    features: [
      { name: 'count_1h', unit: 'events', meaning: '', value: 4 },
      { name: 'amount_mean_30d', unit: 'currency', meaning: '', value: null },
    ],
  } as unknown as AssessmentDetail;
  const sample = toSample(stored);
  expect(sample.event).toMatchObject({ event_id: 'event-1', amount: '19.90', attributes: { basket: 3 } });
  expect('counterparty_id' in sample.event).toBe(false);
  expect(sample.features).toEqual({ count_1h: 4, amount_mean_30d: null });
  expect(readSample(writeSample(sample))).toEqual(sample);
  expect(readSample('{"event_type": "login"}')).toMatchObject({ features: {} });
  expect(readSample('{"event')).toMatch(/^This is no JSON/);
  expect(readSample('[]')).toMatch(/one event/);
});

test('hours without a count are steps of zero, and many hours become days', () => {
  const at = (hour: string, hits: number) => ({ hour: `2026-01-${hour}:00:00Z`, hits });
  const few = steps(['hits'], [at('01T08', 2), at('01T11', 3)]);
  expect([few.unit, few.counts.hits]).toEqual(['per hour', [0, 0, 0, 0, 2, 0, 0, 3]]);
  const many = steps(['hits'], [at('01T08', 2), at('01T11', 3), at('05T00', 1)]);
  expect([many.unit, many.counts.hits]).toEqual(['per day', [0, 0, 0, 5, 0, 0, 0, 1]]);
  expect(steps(['hits'], []).x).toEqual([]);
});
