/** One request that meant to change something: who, what, when and how it ended. Never its body or credentials. */
export type AuditEntry = {
  /** UUIDv7, of the time of the request. */
  id: string;
  at: Date;
  accountId: string | null;
  /** The operator who acted as the account. */
  operatorId: string | null;
  role: string | null;
  method: string;
  /** The part of the API: `/api/v1/orders`. */
  route: string;
  path: string;
  status: number;
  requestId: string;
  /** W3C trace id. */
  traceId: string | null;
  address: string | null;
  userAgent: string | null;
};

const LONGEST_PATH = 512;
const LONGEST_USER_AGENT = 256;

/** Cuts what a client writes at will to what is worth keeping. */
export function truncate(entry: AuditEntry): AuditEntry {
  return {
    ...entry,
    path: entry.path.slice(0, LONGEST_PATH),
    userAgent: entry.userAgent === null ? null : printable(entry.userAgent).slice(0, LONGEST_USER_AGENT),
  };
}

/** Control characters have no place in a trail that is read in terminals; PostgreSQL refuses NUL. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
