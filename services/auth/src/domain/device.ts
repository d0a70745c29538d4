import { networkOf } from '@tradepost/runtime/client-address';

/** In this order: Edge and Opera call themselves Chrome, too, and Chrome Safari. */
const FAMILIES = ['Edg', 'OPR', 'SamsungBrowser', 'Firefox', 'FxiOS', 'CriOS', 'Chrome', 'Safari'];

/** The browser's name without its version: an update is no new browser. */
export function userAgentFamily(userAgent: string | undefined): string {
  if (userAgent === undefined) return '';
  return FAMILIES.find((family) => userAgent.includes(family)) ?? userAgent.split(/[/\s]/, 1)[0] ?? '';
}

/**
 * What a client is recognised by between two requests, to be hashed: the family of the browser and the network, an IPv4 /24 or an IPv6
 * /48. Providers give their customers other addresses of it every day.
 */
export function clientOf(userAgent: string | undefined, address: string): string {
  return `${userAgentFamily(userAgent)} ${widerNetwork(address)}`;
}

/** What a known device is recognised by, to be hashed: the account and the client. */
export function deviceOf(accountId: string, userAgent: string | undefined, address: string): string {
  return `${accountId} ${clientOf(userAgent, address)}`;
}

function widerNetwork(address: string): string {
  const network = networkOf(address);
  if (network.endsWith('::/64')) return `${network.split(':').slice(0, 3).join(':')}::/48`;
  return network.replace(/^(\d+\.\d+\.\d+)\.\d+$/, '$1.0/24');
}
