/** The headers by which a browser says which page has sent a request, and the host that was asked, as the client knows it. */
export type RequestOrigin = { origin: string | undefined; fetchSite: string | undefined; host: string | undefined };

/**
 * Whether a request that changes something, and whose only proof of identity is a cookie, comes from a page of ours: a trusted `Origin`,
 * an `Origin` of the very host that is asked, or, where there is no `Origin`, `Sec-Fetch-Site: same-origin`. A browser sends the cookie
 * along whoever wrote the page. `trusted` are origins such as `https://shop.example`.
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function isOriginAllowed({ origin, fetchSite, host }: RequestOrigin, trusted: ReadonlySet<string>): boolean {
  if (origin === undefined) return fetchSite === 'same-origin';
  if (trusted.has(origin)) return true;
  // What the browser says of the site cannot be forged by a page; a host alone might be, by rebinding its name.
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
