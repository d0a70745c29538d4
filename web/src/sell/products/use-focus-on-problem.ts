import { type RefObject, useEffect, useRef } from 'react';

/** Once saving was refused, the first field that says why has the focus. Goes to what is around the fields. */
export function useFocusOnProblem(error: unknown): RefObject<HTMLDivElement | null> {
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) around.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return around;
}
