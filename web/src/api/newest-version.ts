import { replaceEqualDeep } from '@tanstack/react-query';

const versionOf = (data: unknown): number =>
  typeof data === 'object' && data !== null && 'version' in data ? Number(data.version) : 0;

/**
 * The `structuralSharing` of queries whose answers have a version: an older version never replaces a newer one. Without it,
 * a fetch that began before a change and ended after it would show the state before the change again.
 */
export const keepNewest = (known: unknown, next: unknown): unknown =>
  versionOf(next) < versionOf(known) ? known : replaceEqualDeep(known, next);
