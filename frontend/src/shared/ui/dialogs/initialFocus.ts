/** In a turn of its own: what keeps the focus in a dialog has then taken it, and the dialog is to be seen. */
const focusSoon = (element: HTMLElement | null): void => {
  if (element) setTimeout(() => element.focus());
};

/**
 * Where the focus is when a dialog opens. The browser's own autofocus is not enough in one: what keeps the focus in the
 * dialog takes it back when it is opened from something that had the focus, a row that was clicked say.
 */
export const initialFocus = (wanted: boolean) =>
  wanted ? { autoFocus: true, ref: focusSoon } : { autoFocus: false };
