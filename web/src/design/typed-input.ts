/**
 * Knows whether the page shows a field that the reader has written into, so that what ends a session does not take the page, and
 * with it the text, away. Searches and filters do not count: nothing is lost with them that is not in the address.
 */
const written = new Set<Element>();

/** Begins to note fields; returns how to stop. */
export function watchTypedInput(): () => void {
  const note = ({ target }: Event) => {
    if (target instanceof Element && !target.closest('search, details')) written.add(target);
  };
  document.addEventListener('input', note, { capture: true });
  return () => document.removeEventListener('input', note, { capture: true });
}

/** Whether a field that was written into is still there. */
export function hasTypedInput(): boolean {
  for (const field of written) if (!field.isConnected) written.delete(field);
  return written.size > 0;
}

/** Forgets what was written: the reader leaves it. */
export const forgetTypedInput = (): void => written.clear();
