import { useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/**
 * What a browser does for a new page and does not for a new view: after a navigation the focus goes to the content and
 * the window to its top. Going back and forth, the browser puts the window where it was.
 */
export function useNavigationFocus(): React.RefObject<HTMLElement | null> {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  const returning = useRef(false);
  useEffect(() => {
    const note = () => {
      returning.current = true;
    };
    addEventListener('popstate', note);
    return () => removeEventListener('popstate', note);
  }, []);
  useLayoutEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
    if (!returning.current) scrollTo({ top: 0, behavior: 'instant' });
    returning.current = false;
  }, [path]);
  return main;
}
