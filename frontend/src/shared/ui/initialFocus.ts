/**
 * Where the focus is when a dialog opens. The browser's own autofocus is not enough in one: what keeps the focus in the
 * dialog takes it back when it is opened from something that had the focus, a row that was clicked say.
 */
export const initialFocus = (wanted: boolean) =>
  wanted ? { autoFocus: true, 'data-mui-focusable': '' } : { autoFocus: false };

/** For a dialog whose paper would otherwise take the focus before all that is in it; what has none of it, its container. */
export const FOCUS_INSIDE = { paper: { 'data-mui-focusable': undefined }, container: { tabIndex: -1 } };
