import { type RefObject, useEffect, useRef } from 'react';

/** Focuses the first field with an error after saving was refused. Put the ref on the element around the fields. */
export function useFocusOnProblem(error: unknown): RefObject<HTMLDivElement | null> {
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) around.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return around;
}
