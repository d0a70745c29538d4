import { mayLeave } from './unsaved-changes.ts';

/**
 * Restores the scroll position when the reader goes back or forward, which browsers do only for pages that are whole at
 * once. Ours draw first and fetch after, so a browser would scroll a page that is still too short.
 *
 * Each entry of the history carries a key in its state. The position is noted under that key while the reader scrolls. On
 * the way back it is applied, and applied again whenever the page changes its height, until the reader scrolls, types or
 * presses something, or goes on.
 */
const STORED_AS = 'tradepost.scroll';
/** Entries of the history whose positions are kept; the oldest are dropped. */
const MOST = 100;
/** A page that has not become high enough by then will not. */
const LONGEST_RESTORE_MS = 10_000;

type HistoryState = { key: string };

const positions = readPositions();
let isBack = false;
let stopRestoring: (() => void) | undefined;

/** Whether the reader came to what is shown by going back or forward, or by loading the page again. */
export const cameBack = (): boolean => isBack;

/**
 * Navigates, and gives a new entry of the history its key; for the `aroundNav` of wouter's Router. An entry keeps its key
 * when only its parameters are replaced.
 */
export function navigateWithKey(
  navigate: (to: string, options?: { replace?: boolean; state?: unknown }) => void,
  to: string,
  options: { replace?: boolean } = {},
): void {
  const isSameEntry = options.replace && new URL(to, location.href).pathname === location.pathname;
  if (!isSameEntry) {
    if (new URL(to, location.href).pathname !== location.pathname && !mayLeave()) return;
    // The event of the last scroll may be still to come, and would come for the new entry.
    notePosition();
    stopRestoring?.();
    isBack = false;
  }
  navigate(to, { ...options, state: isSameEntry ? history.state : newState() });
}

/** Begins to note positions and to restore them; call it once, before anything listens for `popstate`. */
export function startScrollRestoration(): void {
  history.scrollRestoration = 'manual';
  ensureKey();
  const [entry] = performance.getEntriesByType('navigation');
  // as: entries of that type are of that class.
  isBack = ['reload', 'back_forward'].includes((entry as PerformanceNavigationTiming | undefined)?.type ?? '');
  if (isBack) restore();
  addEventListener('scroll', notePosition, { passive: true });
  addEventListener('pagehide', storePositions);
  // In the capture phase, so that pages which are drawn for the event know already that the reader came back.
  const onTraversal = () => {
    ensureKey();
    isBack = true;
    restore();
  };
  addEventListener('popstate', onTraversal, { capture: true });
  askBeforeTraversal();
}

/** Asks before the reader goes back or forth from something unsaved, where the browser has the Navigation API. */
function askBeforeTraversal(): void {
  if (!('navigation' in globalThis)) return;
  navigation.addEventListener('navigate', (event) => {
    if (event.navigationType !== 'traverse' || !event.cancelable) return;
    const isOtherPage = new URL(event.destination.url).pathname !== location.pathname;
    if (isOtherPage && !mayLeave()) event.preventDefault();
  });
}

function notePosition(): void {
  const key = currentKey();
  if (stopRestoring || key === undefined) return;
  // Deleted first, so that the latest one is the last.
  positions.delete(key);
  positions.set(key, scrollY);
  for (const oldest of positions.keys()) {
    if (positions.size <= MOST) break;
    positions.delete(oldest);
  }
}

function restore(): void {
  stopRestoring?.();
  const target = positions.get(currentKey() ?? '') ?? 0;
  let applied = -1;
  const apply = () => {
    scrollTo({ top: target, behavior: 'instant' });
    applied = scrollY;
  };
  // Where the page became shorter the browser has scrolled, otherwise the reader has.
  const isLowest = () => scrollY >= document.documentElement.scrollHeight - innerHeight - 1;
  const onScroll = () => {
    if (Math.abs(scrollY - applied) <= 1 || isLowest()) return;
    stop();
    notePosition();
  };
  const observer = new ResizeObserver(apply);
  const timer = setTimeout(() => stop(), LONGEST_RESTORE_MS);
  const inputs = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
    removeEventListener('scroll', onScroll);
    for (const input of inputs) removeEventListener(input, stop);
    stopRestoring = undefined;
  };
  stopRestoring = stop;
  addEventListener('scroll', onScroll, { passive: true });
  for (const input of inputs) addEventListener(input, stop, { passive: true });
  // Observing begins with a first call, once what the navigation shows has been laid out.
  observer.observe(document.body);
}

// Not `crypto.randomUUID`, which browsers have on secure origins only.
const newState = (): HistoryState => ({ key: `${Date.now()}-${Math.random()}` });

function currentKey(): string | undefined {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'key' in state ? String(state.key) : undefined;
}

/** Entries that the browser makes (the first one, and those of links within the page) have no key yet. */
function ensureKey(): void {
  if (currentKey() === undefined) history.replaceState(newState(), '');
}

function readPositions(): Map<string, number> {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(STORED_AS) ?? '[]');
    // as: only `storePositions` writes there, and a wrong number only scrolls.
    return new Map(Array.isArray(stored) ? (stored as [string, number][]) : []);
  } catch {
    return new Map();
  }
}

function storePositions(): void {
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify([...positions]));
  } catch {
    // No storage, or a full one: a page that is loaded again begins at its top.
  }
}
