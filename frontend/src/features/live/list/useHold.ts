import { type FocusEvent, type PointerEvent, useCallback, useState } from 'react';

/** Whether somebody is reading the list: pointing at it, in it by keyboard, or scrolled away from its top. */
export function useHold() {
  const [pointing, setPointing] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const handlers = {
    // Not on entering: a list that appears under a pointer at rest is not being read.
    onPointerMove: (event: PointerEvent) => setPointing(event.pointerType === 'mouse'),
    onPointerLeave: () => setPointing(false),
    onFocus: (event: FocusEvent) => setFocused(event.target.matches(':focus-visible')),
    onKeyDownCapture: () => setFocused(true),
    onBlur: () => setFocused(false),
    onScroll: (event: React.UIEvent) => setScrolled(event.currentTarget.scrollTop > 4),
  };
  /** For when the list goes, of which its own events would tell nothing. */
  const release = useCallback(() => {
    setPointing(false);
    setFocused(false);
    setScrolled(false);
  }, []);
  return { reading: pointing || focused || scrolled, handlers, release };
}
