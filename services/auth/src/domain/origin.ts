/** The headers by which a browser says where a request comes from. */
export type RequestOrigin = {
  method: string;
  /** Is the session cookie sent along? */
  cookie: boolean;
  origin: string | undefined;
  secFetchSite: string | undefined;
  /** The host that was asked, as the client knows it. */
  host: string | undefined;
};

/**
 * May the request act in the name of the session whose cookie it carries? A browser sends the cookie along whoever has
 * written the page, so a request that changes something must show that the page is ours: a trusted `Origin`, an `Origin`
 * of the very host that is asked, or, where there is no `Origin`, `Sec-Fetch-Site: same-origin`. Without the cookie there
 * is nothing to abuse. Source: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function isOriginTrusted(request: RequestOrigin, trusted: ReadonlySet<string>): boolean {
  const { method, cookie, origin, secFetchSite, host } = request;
  if (!cookie || method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return true;
  if (origin === undefined) return secFetchSite === 'same-origin';
  if (trusted.has(origin)) return true;
  // What the browser says of the site cannot be forged by a page; a host alone might be, by rebinding its name.
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') return false;
  return host !== undefined && hostOf(origin) === host.toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
