// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { assessments } from '@/testing/fixtures';
import { useHeldRows } from './useHeldRows';

const upTo = (n: number) => assessments(n).reverse();

test('while held no row moves, and what has come is counted', () => {
  const three = upTo(3);
  const { result, rerender } = renderHook(({ rows, held }) => useHeldRows(rows, held), {
    initialProps: { rows: three, held: true },
  });
  rerender({ rows: upTo(5), held: true });
  expect(result.current.shown).toBe(three);
  expect(result.current.fresh).toBe(2);
});

test('catching up shows what has come, and the hold goes on', () => {
  const { result, rerender } = renderHook(({ rows }) => useHeldRows(rows, true), {
    initialProps: { rows: upTo(3) },
  });
  const five = upTo(5);
  rerender({ rows: five });
  act(() => result.current.catchUp());
  expect(result.current.shown).toBe(five);
  expect(result.current.fresh).toBe(0);
  rerender({ rows: upTo(6) });
  expect(result.current.fresh).toBe(1);
});

test('let go, the list is as new as can be', () => {
  const { result, rerender } = renderHook(({ rows, held }) => useHeldRows(rows, held), {
    initialProps: { rows: upTo(3), held: true },
  });
  const five = upTo(5);
  rerender({ rows: five, held: false });
  expect(result.current.shown).toBe(five);
});

test('an empty list is not held: the first rows appear in it', () => {
  const { result, rerender } = renderHook(({ rows }) => useHeldRows(rows, true), {
    initialProps: { rows: upTo(0) },
  });
  rerender({ rows: upTo(2) });
  expect(result.current.shown).toHaveLength(2);
});
