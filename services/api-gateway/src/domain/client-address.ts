import { forwardedAddresses, plainAddress } from '@tradepost/runtime/client-address';

/** What is known of the caller's connection, by the headers of as many proxies in front as are trusted. */
export type Client = {
  /** The caller's address, without a zone or an IPv4-in-IPv6 prefix. */
  address: string;
  /** `x-forwarded-for` for the service behind: the trusted part, then the address that connected. */
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
 * further left was written by the caller and is not trusted. Without trusted proxies, nothing of it is.
 */
export function describeClient(connection: Connection, trustedHops: number): Client {
  const peer = plainAddress(connection.remoteAddress ?? '') ?? '';
  const direct: Client = {
    address: peer,
    forwardedFor: peer,
    protocol: connection.encrypted ? 'https' : 'http',
    host: connection.host,
  };
  if (trustedHops === 0) return direct;
  const trusted = forwardedAddresses(connection.forwardedFor, trustedHops) ?? [];
  const proto = lastOf(connection.forwardedProto);
  return {
    address: trusted[0] ?? peer,
    forwardedFor: [...trusted, peer].join(', '),
    protocol: proto === 'https' || proto === 'http' ? proto : direct.protocol,
    host: lastOf(connection.forwardedHost) ?? connection.host,
  };
}

function lastOf(list: string | undefined): string | undefined {
  const last = list?.split(',').at(-1)?.trim().toLowerCase();
  return last === '' ? undefined : last;
}
