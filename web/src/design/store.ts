/** A value that components can watch with `useSyncExternalStore`. */
export type Store<T> = {
  get: () => T;
  set: (value: T) => void;
  subscribe: (listener: () => void) => () => void;
};

export type StoredStore<T> = Store<T> & {
  /** Reads the value that another tab may have written just now, before the browser has told this tab of it. */
  reload: () => T;
};

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The same, kept in this browser and in step with its other tabs. `read` judges what is stored, since anybody may have
 * written it; where there is no storage the value lasts as long as the page.
 */
export function createStoredStore<T>(
  key: string,
  initial: T,
  read: (stored: unknown) => T | undefined,
): StoredStore<T> {
  const stored = (): T => {
    try {
      const text = localStorage.getItem(key);
      return (text === null ? undefined : read(JSON.parse(text))) ?? initial;
    } catch {
      return initial;
    }
  };
  const store = createStore(stored());
  addEventListener('storage', (event) => {
    if (event.key === key || event.key === null) store.set(stored());
  });
  return {
    ...store,
    reload() {
      store.set(stored());
      return store.get();
    },
    set(value) {
      try {
        if (value === initial) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // No storage, or a full one.
      }
      store.set(value);
    },
  };
}
