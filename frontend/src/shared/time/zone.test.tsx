// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { setZone } from '@/shared/preferences/zone';
import { calendarDate, clock, momentText } from './format';
import { DateAndTime, Moment, ZoneName } from './Moment';

vi.hoisted(() => {
  process.env.TZ = 'Asia/Tokyo';
});
const AT = '2026-01-31T18:30:05Z';

beforeEach(() => act(() => setZone('utc')));

test('a moment is told in the chosen zone, with the other beside it, as soon as the choice changes', () => {
  render(
    <>
      <Moment at={AT} />
      <DateAndTime at={AT} />
      <ZoneName />
    </>,
  );
  const shown = () => document.body.textContent;
  expect(shown()).toContain('2026-01-31 18:30:05 UTC2026-02-01 03:30:05 GMT+9');
  act(() => setZone('own'));
  expect(shown()).toContain('2026-02-01 03:30:05 GMT+92026-01-31 18:30:05 UTC');
  expect(screen.getAllByText(/03:30:05/)).toHaveLength(2);
});

test('the choice is kept in this browser', () => {
  setZone('own');
  expect(localStorage.getItem('time-zone')).toBe('own');
  expect([calendarDate(new Date(AT)), clock(new Date(AT))]).toEqual(['2026-02-01', '03:30:05']);
  setZone('utc');
  expect(momentText(new Date(AT))).toBe('2026-01-31 18:30:05 UTC');
});
