/** Whether a setting holds a URL, by its name. */
const isUrlSetting = (name: string): boolean => /_(URL|ENDPOINT)$/.test(name);

/** What is to be known where a URL cannot be read: mostly it is a password as it is. */
const ADVICE =
  'a URL that can be read; in a user or a password, write % as %25, / as %2F, # as %23, ? as %3F, @ as %40';

/**
 * What a setting must be that is named as a URL and is none, so that this is told with all other settings and not by whatever
 * uses it first; undefined where it can be read. Nodes of the broker are separated by commas, each with its scheme or that of the first.
 */
export function problemOfUrls(name: string, value: unknown): string | undefined {
  if (!isUrlSetting(name)) return undefined;
  const texts = [value].flat().filter((text) => typeof text === 'string');
  // A password may have a comma, but not that of the broker.
  const urls = name === 'BROKER_URL' ? texts.flatMap((text) => text.split(',')) : texts;
  const scheme = /^[a-z+]+:\/\//i.exec(urls[0]?.trim() ?? '')?.[0] ?? '';
  const isReadable = (text: string) => isUrl(text.includes('://') ? text : scheme + text);
  return urls.map((text) => text.trim()).every(isReadable) ? undefined : ADVICE;
}

function isUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  try {
    for (const part of [url.username, url.password, url.pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** A text to be shown, without the user and the password of URLs in it. */
export const withoutPasswords = (text: string): string => text.replaceAll(/\/\/[^/@\s]*@/g, '//…@');
