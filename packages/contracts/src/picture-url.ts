import { Type } from 'typebox';

/** A path of this site below /media/, without dot segments. */
const OWN_PATH = /^\/media(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/;

/**
 * An https URL as it is written: a host of ASCII letters, digits, dots and hyphens, perhaps a port, and what follows without
 * blanks, control characters and characters that would end an attribute or a rule of CSS.
 */
const HTTPS_URL = /^https:\/\/([A-Za-z0-9.-]+)(?::\d{1,5})?(?:[/?#][^\s\p{C}<>"'`\\^{|}]*)?$/u;

/**
 * True for the URL of a picture that may be stored and shown: https to a host that a browser can ask, without credentials,
 * or a file of the shop itself below /media/. Everything else is refused: other schemes, relative URLs, what `URL` cannot
 * parse, and what it would change (an IPv4 address in another notation, a host that is not ASCII).
 */
export function isPictureUrl(text: string): boolean {
  if (text.startsWith('/')) return OWN_PATH.test(text);
  const host = HTTPS_URL.exec(text)?.[1];
  return host?.split('.').every(isLabel) === true && URL.parse(text)?.hostname === host.toLowerCase();
}

/** One part of the name of a host. Source: https://www.rfc-editor.org/rfc/rfc1123#section-2.1 */
function isLabel(text: string): boolean {
  return text.length > 0 && text.length <= 63 && !text.startsWith('-') && !text.endsWith('-');
}

/** The URL of a picture. Validators know the format `picture-url` as `isPictureUrl`. */
export const PictureUrl = Type.String({
  maxLength: 2_000,
  format: 'picture-url',
  description: 'An https URL without credentials, or a path of this site below /media/',
  examples: ['/media/mug-blue.svg'],
});
