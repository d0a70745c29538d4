import { type RefObject, useLayoutEffect } from 'react';

/**
 * Focuses the first field of a step that takes the place of the one before. Put the ref on the element around its fields. It is a layout
 * effect, which runs in the commit that removes the field with the focus: a dialog that finds the focus nowhere after that takes it to
 * itself, and once more in the next frame, which on a slow machine comes after other effects and takes the focus from the new field.
 */
export function useFocusOnFirstField(around: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => around.current?.querySelector<HTMLElement>('input, select, textarea')?.focus(), [around]);
}
