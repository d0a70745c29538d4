import { useEffect, useState } from 'react';

const tokenInAddress = () => new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;

/**
 * The token of the link in a mail, from the fragment of the address: `/reset-password#token=…`. A fragment is in no log and no `Referer`.
 * It is taken out of the address bar and the history at once. Undefined where there is none, as after a reload.
 */
export function useLinkToken(): string | undefined {
  const [token, setToken] = useState(tokenInAddress);
  useEffect(() => {
    const take = () => {
      if (location.hash === '') return;
      // Another link of the same page, opened in the same tab, loads no new document.
      const found = tokenInAddress();
      if (found !== undefined) setToken(found);
      history.replaceState(history.state, '', location.pathname + location.search);
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return token;
}
