/**
 * One check of e-mail addresses for all services and pages: trimmed, without characters that nobody sees, in small letters, at most
 * 254 characters (RFC 5321), and of the form that better-auth takes too, so that both never answer differently (a test compares them).
 * A domain with other letters is read in the form that mail servers know (RFC 5890): `bücher.example` as `xn--bcher-kva.example`.
 */
const LOCAL_PART = /^[a-z0-9_'+-]+(?:\.[a-z0-9_'+-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const INTERNATIONAL_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
const BEYOND_ASCII = /[^\0-\x7f]/;
/** Copied along with an address from a page or a chat. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}+/gu;
const MAX_LENGTH = 254;

/** Reads an e-mail address as it was typed. */
export function readEmailAddress(text: string): { value: string } | { message: string } {
  const message = 'must be an e-mail address, such as ada@example.com';
  if (text.length > 4 * MAX_LENGTH) return { message };
  const typed = text.replace(UNSEEN, '').trim().toLowerCase();
  const at = typed.lastIndexOf('@');
  const [local, domain] = [typed.slice(0, at), asciiDomain(typed.slice(at + 1))];
  const value = `${local}@${domain}`;
  const isAddress =
    value.length <= MAX_LENGTH && at > 0 && local.length <= 64 && LOCAL_PART.test(local) && DOMAIN.test(domain);
  return isAddress && !local.endsWith("'") ? { value } : { message };
}

function asciiDomain(domain: string): string {
  if (!BEYOND_ASCII.test(domain) || !INTERNATIONAL_DOMAIN.test(domain)) return domain;
  return URL.parse(`http://${domain}`)?.hostname ?? domain;
}
