import { useVirtualizer, type VirtualizerOptions } from '@tanstack/react-virtual';
import { type RefObject, useRef } from 'react';

type Rest = Pick<
  VirtualizerOptions<HTMLDivElement, Element>,
  'count' | 'paddingStart' | 'scrollMargin' | 'scrollPaddingStart'
>;

interface Options extends Rest {
  scroller: RefObject<HTMLDivElement | null>;
  /** Of every row, in pixels: another one measures them all anew. */
  height: number;
  keyOf: (index: number) => string | undefined;
}

/** Rows of one height, of which only those in sight exist in the page. */
export function useVirtualRows({ scroller, height, keyOf, ...rest }: Options) {
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => keyOf(index) ?? index,
    overscan: 8,
    ...rest,
  });
  const measured = useRef(height);
  if (measured.current !== height) {
    measured.current = height;
    virtual.measure();
  }
  return virtual;
}
