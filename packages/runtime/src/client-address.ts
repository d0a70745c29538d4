import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * An IP address as one text: an IPv4 address that is mapped to IPv6 (`::ffff:203.0.113.7`) as IPv4, without zone, brackets or port.
 * Undefined: the text is no address.
 */
export function plainAddress(text: string): string | undefined {
  // Nearly all are; ipaddr.js takes some microseconds.
  if (isIPv4(text)) return text;
  return parseAddress(text)?.toString();
}

/**
 * The addresses of `X-Forwarded-For` that can be trusted, the client first. Each proxy appends the address that it was called from, so
 * with `trustedHops` proxies of ours these are that many from the end; what lies before them, the client may have written itself.
 * Undefined where nothing is trusted: no trusted proxy, no header, or something among it that is no address.
 */
export function forwardedAddresses(header: string | undefined, trustedHops: number): readonly string[] | undefined {
  if (trustedHops === 0 || header === undefined) return undefined;
  const addresses = header
    .split(',')
    .slice(-trustedHops)
    .map((entry) => plainAddress(entry.trim()));
  return addresses.every((address) => address !== undefined) ? addresses : undefined;
}

/**
 * What limits by address count: an IPv4 address as it is, an IPv6 address by its /64 (`2001:db8:1:2::/64`), of which one customer of a
 * provider has all addresses. A text that is no address as it is.
 */
export function networkOf(text: string): string {
  if (isIPv4(text)) return text;
  const address = parseAddress(text);
  if (address === undefined) return text;
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  const groups = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${groups.join(':')}::/64`;
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const trimmed = text.trim();
  // `[2001:db8::1]:443` and `203.0.113.7:1234`, as some proxies write them.
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const [address = ''] = bare.split('%', 1);
  // ipaddr.js reads `0x7f.1` and `127.1` as addresses, too, as BSD did; nobody else does.
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined;
  return ipaddr.process(address);
}
