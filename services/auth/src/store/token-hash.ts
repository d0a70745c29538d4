import { hash } from 'node:crypto';

/**
 * What is stored of a session token or an API key. A plain hash will do: both are random and far too long to be guessed,
 * so there is nothing for a slow one to protect.
 */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url');
}
