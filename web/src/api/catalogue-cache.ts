/**
 * The local cache of the catalogue (`localStorage`): the shop can be browsed while the catalogue is unavailable, and pages show at
 * once on the next visit. The data is only placeholder data: each query fetches it again.
 */
export type CachedResponse = { data: unknown; at: number };

/** Responses of earlier visits are always stale. */
const LONG_AGO = 0;

// The number is of the shape of what is stored: raise it when an answer that is remembered changes its own.
const PREFIX = 'tradepost.catalogue.1:';
const INDEX = `${PREFIX}index`;
const MOST = 60;

/** What `url` answered when it was last asked; the HTML of the page may have preloaded a few answers along. */
export function cachedResponse(url: string): CachedResponse | undefined {
  return preloaded.get(url) ?? stored(url);
}

export function cacheResponse(url: string, data: unknown): void {
  preloaded.delete(url);
  store(url, data);
}

function store(url: string, data: unknown): void {
  try {
    localStorage.setItem(PREFIX + url, JSON.stringify({ data }));
    const index = [...readIndex().filter((one) => one !== url), url];
    for (const old of index.slice(0, -MOST)) localStorage.removeItem(PREFIX + old);
    localStorage.setItem(INDEX, JSON.stringify(index.slice(-MOST)));
  } catch {
    clearCache();
  }
}

/** The gateway puts answers into the HTML as `<script type="application/json" data-url="…">`, which nothing runs. */
const preloaded = new Map<string, CachedResponse>();
for (const element of document.querySelectorAll<HTMLScriptElement>('script[type="application/json"][data-url]')) {
  const { url } = element.dataset;
  if (url) preloaded.set(url, { data: JSON.parse(element.textContent), at: Date.now() });
}
// They are not asked for, and so not remembered otherwise; once the page has been drawn is soon enough.
addEventListener('load', () => {
  for (const [url, { data }] of preloaded) store(url, data);
});

function stored(url: string): CachedResponse | undefined {
  try {
    const text = localStorage.getItem(PREFIX + url);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return typeof value === 'object' && value && 'data' in value ? { data: value.data, at: LONG_AGO } : undefined;
  } catch {
    return undefined;
  }
}

function readIndex(): string[] {
  const index: unknown = JSON.parse(localStorage.getItem(INDEX) ?? '[]');
  return Array.isArray(index) ? index.map(String) : [];
}

/** The store is full, or closed to us: what is in it is worth less than room. */
function clearCache(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Closed to us.
  }
}
