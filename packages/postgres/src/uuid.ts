import { randomUUIDv7 } from 'node:crypto';

/** A new UUID version 7 (RFC 9562): its first 48 bits are the time in milliseconds, so ids sort by creation. */
export function uuidv7(): string {
  return randomUUIDv7();
}

/** The smallest UUID version 7 of a moment: every id that was made before `time` sorts below it. */
export function uuidv7Floor(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
