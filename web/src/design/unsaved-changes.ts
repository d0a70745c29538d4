import { createContext, useContext, useEffect } from 'react';

/** The forms with unsaved changes that stand in one place: in the page, or in one dialog. */
type UnsavedForms = Set<symbol>;

const all: UnsavedForms = new Set();

/** The forms of the dialog around a form; the page has none of its own. */
export const UnsavedContext = createContext<UnsavedForms | undefined>(undefined);

/**
 * Asks before something unsaved is left: the browser before it closes the page or loads it anew, the page itself before another one is
 * shown, and a dialog before it is closed.
 */
export function useLeaveWarning(isUnsaved: boolean): void {
  const around = useContext(UnsavedContext);
  useEffect(() => {
    if (!isUnsaved) return;
    const form = Symbol('form');
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    all.add(form);
    around?.add(form);
    addEventListener('beforeunload', ask);
    return () => {
      all.delete(form);
      around?.delete(form);
      removeEventListener('beforeunload', ask);
    };
  }, [isUnsaved, around]);
}

/** Whether the reader leaves the forms, by default all of the page; asks only where something is unsaved. */
export const mayLeave = (forms: UnsavedForms = all): boolean =>
  forms.size === 0 || confirm('Leave without saving your changes?');

/** Goes on to another page without asking: what was written has been saved just now. */
export function leaveSaved(leave: () => void): void {
  all.clear();
  leave();
}
