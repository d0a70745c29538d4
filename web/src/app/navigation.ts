import { useLayoutEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { cameBack } from '../design/scroll-restoration.ts';

/**
 * What a browser does for a new page and does not for a new view: after a navigation the focus goes to the content and
 * the window to its top. When the reader goes back or forth, `scroll-restoration.ts` puts the window where it was.
 */
export function useNavigationFocus(): React.RefObject<HTMLElement | null> {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useLayoutEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
    if (!cameBack()) scrollTo({ top: 0, behavior: 'instant' });
  }, [path]);
  return main;
}
