import { useCallback, useState } from 'react';
import { session } from '@/shared/session/store';
import { useStore } from '@/shared/store';
import { readViews, removeView, saveView, type View } from './views';

const keyOf = (email: string | null): string => `alert-views:${email ?? ''}`;

function kept(key: string): View[] {
  try {
    return readViews(localStorage.getItem(key));
  } catch {
    return [];
  }
}

/** The user's own saved filters, kept in this browser. */
export function useViews() {
  const { email } = useStore(session);
  const key = keyOf(email);
  const [state, setState] = useState({ key, views: kept(key) });
  const views = state.key === key ? state.views : kept(key);
  const put = useCallback(
    (next: View[]) => {
      setState({ key, views: next });
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Storage may be forbidden: the views then last until the next reload.
      }
    },
    [key],
  );
  return {
    views,
    save: (view: View) => put(saveView(views, view)),
    remove: (name: string) => put(removeView(views, name)),
  };
}
