import { type RefObject, useEffect, useRef } from 'react';

/**
 * Sets the fields of a form, by name, when their values change elsewhere (the URL, after Back). The form is not rendered
 * again, so the focus stays where it is.
 */
export function useFormSync(values: Readonly<Record<string, string>>): RefObject<HTMLFormElement | null> {
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
