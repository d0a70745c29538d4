/** Where the page of the test bank goes back to: a path of this shop, whatever somebody wrote into the address. */
export function returnPathOf(params: URLSearchParams, origin: string): string | undefined {
  const text = params.get('return');
  if (text === null) return undefined;
  try {
    const url = new URL(text, origin);
    return url.origin === origin ? url.pathname + url.search : undefined;
  } catch {
    return undefined;
  }
}

/** The address of a bank's page, which comes back to a path of this shop. Undefined for what is no address of a page. */
export function bankPageOf(redirectUrl: string, returnPath: string, origin: string): URL | undefined {
  try {
    const url = new URL(redirectUrl, origin);
    // Other banks know from the provider where to go back to.
    if (url.origin === origin) url.searchParams.set('return', returnPath);
    return url.protocol === 'https:' || url.origin === origin ? url : undefined;
  } catch {
    return undefined;
  }
}
