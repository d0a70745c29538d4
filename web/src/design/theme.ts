import { useSyncExternalStore } from 'react';
import { createStore } from './store.ts';

/** What the reader has chosen; `system` is to have chosen nothing. */
export type Theme = 'system' | 'light' | 'dark';

// The key and its plain text are read by public/theme.js before anything is shown.
const KEY = 'tradepost.theme';
const theme = createStore<Theme>(chosen());

function chosen(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export const useTheme = (): Theme => useSyncExternalStore(theme.subscribe, theme.get);

export function chooseTheme(next: Theme): void {
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // It holds for this page, then.
  }
  theme.set(next);
}
