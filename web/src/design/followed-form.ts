import { type RefObject, useEffect, useRef } from 'react';

/**
 * Lets the fields of a form follow values that change elsewhere (the address, on the way back), by their names. The form is
 * not made anew for it, which would cost whoever has just pressed Enter in it the focus.
 */
export function useFollowedForm(values: Readonly<Record<string, string>>): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const wanted = JSON.stringify(values);
  useEffect(() => {
    const fields: Record<string, string> = JSON.parse(wanted);
    for (const [name, value] of Object.entries(fields)) {
      const field = form.current?.elements.namedItem(name);
      const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
      if (isField && field.value !== value) field.value = value;
    }
  }, [wanted]);
  return form;
}
