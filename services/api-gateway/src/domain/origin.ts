/**
 * May a request that changes something, and whose only proof of identity is a cookie (which a browser adds by itself, whoever
 * wrote the page), be let through? Its page must come from this host or from an origin that is trusted.
 */
export function isOriginAllowed(
  request: { origin: string | undefined; fetchSite: string | undefined; host: string },
  trusted: ReadonlySet<string>,
): boolean {
  const { origin, fetchSite, host } = request;
  // Browsers send Origin with every such request; Sec-Fetch-Site cannot be set by a page either.
  if (origin === undefined) return fetchSite === 'same-origin';
  if (trusted.has(origin)) return true;
  // What the browser says of the site cannot be forged by a page; a host alone might be, by rebinding its name.
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
