import { isIPv4, isIPv6 } from 'node:net';

/**
 * The address a request comes from. Each proxy appends to `X-Forwarded-For` the address that it was called from, so
 * with `hops` proxies of ours in front it is the entry that many from the end; what lies before it, the client may have
 * written itself. Without proxies the header is not looked at.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, hops: number): string {
  if (hops === 0 || forwardedFor === undefined) return peer;
  const entries = forwardedFor.split(',').map((entry) => entry.trim());
  const address = entries[entries.length - hops] ?? entries[0] ?? '';
  return isIPv4(address) || isIPv6(address) ? address : peer;
}

/**
 * What attempts are counted for: an IPv4 address as it is, an IPv6 address by its /64, which is what one customer of a
 * provider is given.
 */
export function networkOf(address: string): string {
  const plain = address.split('%', 1)[0] ?? address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(plain)) return plain;
  const [left = '', right] = plain.split('::', 2);
  const groups = groupsOf(left);
  if (right !== undefined) {
    const tail = groupsOf(right);
    while (groups.length + tail.length < 8) groups.push('0');
    groups.push(...tail);
  }
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** An IPv4 address at the end stands for two groups; which ones does not matter beyond the first four. */
function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
