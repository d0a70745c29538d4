import { isIP } from 'node:net';

/** What is known of the caller's connection, after as many proxies in front as are trusted have been believed. */
export type Client = {
  /** The caller's address, without a zone or an IPv4-in-IPv6 prefix. */
  address: string;
  /** `x-forwarded-for` for the service behind: the believed part, then whoever connected. */
  forwardedFor: string;
  protocol: 'http' | 'https';
  /** As the caller wrote it. */
  host: string;
};

export type Connection = {
  remoteAddress: string | undefined;
  encrypted: boolean;
  host: string;
  forwardedFor: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;
};

/**
 * `trustedHops` proxies in front each append the address they were connected from to `x-forwarded-for`: what lies
 * further left was written by the caller and is not believed. With none, nothing of it is.
 */
export function describeClient(connection: Connection, trustedHops: number): Client {
  const peer = plainAddress(connection.remoteAddress ?? '');
  const direct: Client = {
    address: peer,
    forwardedFor: peer,
    protocol: connection.encrypted ? 'https' : 'http',
    host: connection.host,
  };
  if (trustedHops === 0) return direct;
  const believed = (connection.forwardedFor ?? '')
    .split(',')
    .map((part) => plainAddress(part.trim()))
    .slice(-trustedHops);
  const [first] = believed;
  const known = first !== undefined && believed.every((address) => isIP(address) !== 0);
  const proto = lastOf(connection.forwardedProto);
  return {
    address: known ? first : peer,
    forwardedFor: known ? [...believed, peer].join(', ') : peer,
    protocol: proto === 'https' || proto === 'http' ? proto : direct.protocol,
    host: lastOf(connection.forwardedHost) ?? connection.host,
  };
}

function lastOf(list: string | undefined): string | undefined {
  const last = list?.split(',').at(-1)?.trim().toLowerCase();
  return last === '' ? undefined : last;
}

/** Without `::ffff:` of an IPv4 address on a dual-stack socket, a zone, or the brackets and port of a forwarded one. */
function plainAddress(address: string): string {
  let plain = address;
  if (plain.startsWith('[')) plain = plain.slice(1, plain.indexOf(']'));
  else if (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(plain)) plain = plain.slice(0, plain.indexOf(':'));
  const zone = plain.indexOf('%');
  if (zone !== -1) plain = plain.slice(0, zone);
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(plain) ? plain.slice(7) : plain;
}

/**
 * What a rate limit by address counts: the address for IPv4, the /64 for IPv6, of which one customer has all
 * 2^64 addresses.
 */
export function addressGroup(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
