/**
 * One check of e-mail addresses for all services and pages: trimmed, in small letters, at most 254 characters (RFC 5321),
 * and of the form that better-auth takes too, so that both never answer differently (a test compares them).
 */
const LOCAL_PART = /^[a-z0-9_'+-]+(?:\.[a-z0-9_'+-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$/;
const MAX_LENGTH = 254;

/** Reads an e-mail address as it was typed. */
export function readEmailAddress(text: string): { value: string } | { message: string } {
  const message = 'must be an e-mail address, such as ada@example.com';
  if (text.length > 4 * MAX_LENGTH) return { message };
  const value = text.trim().toLowerCase();
  const at = value.lastIndexOf('@');
  const [local, domain] = [value.slice(0, at), value.slice(at + 1)];
  const isAddress =
    value.length <= MAX_LENGTH && at > 0 && local.length <= 64 && LOCAL_PART.test(local) && DOMAIN.test(domain);
  return isAddress && !local.endsWith("'") ? { value } : { message };
}
