import { ACCOUNT_EXPORT_FORMAT, ACCOUNT_EXPORT_PATH } from '@tradepost/contracts/account-export';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Db } from '@tradepost/postgres/db';
import { findAuditEntries } from '../store/audit-entries.ts';
import { fetchFromUpstream } from '../upstream/fetch-from-upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ExchangeObserver } from '../upstream/upstream-exchange.ts';

export type ExportContext = {
  db: Db;
  /** The services that have a part, in the order of the document. */
  upstreams: readonly Upstream[];
  observer: ExchangeObserver;
  timeoutMs: number;
};

/** What a document may hold: the whole of it is in memory before the first byte is sent, so that none is cut off in between. */
const MAX_BYTES = 16 * 1024 * 1024;
const AUDIT_PAGE = 1_000;

/**
 * All that the services hold of an account, as one JSON text. One part after the other, each by the access token of who asks; a service that
 * gives no whole part makes the export fail, so that a document always has all parts.
 */
export async function exportAccount(ctx: ExportContext, accountId: string, authorization: string): Promise<string> {
  const parts: string[] = [];
  let left = MAX_BYTES;
  for (const upstream of ctx.upstreams) {
    const body = await partOf(ctx, upstream, { accountId, authorization, maxBytes: left });
    left -= body.length;
    parts.push(`${JSON.stringify(upstream.name)}:${body}`);
  }
  const own = { auditEntries: await auditEntriesOf(ctx.db, accountId) };
  parts.push(`"api-gateway":${JSON.stringify(own)}`);
  const head = { format: ACCOUNT_EXPORT_FORMAT, accountId, exportedAt: new Date().toISOString() };
  return `${JSON.stringify(head).slice(0, -1)},"parts":{${parts.join(',')}}}`;
}

async function partOf(
  { observer, timeoutMs }: ExportContext,
  upstream: Upstream,
  { accountId, authorization, maxBytes }: { accountId: string; authorization: string; maxBytes: number },
): Promise<string> {
  const path = `${ACCOUNT_EXPORT_PATH}?accountId=${accountId}`;
  const headers = ['authorization', authorization, 'accept', 'application/json'];
  try {
    const { status, body } = await fetchFromUpstream(upstream, { path, headers, timeoutMs, maxBytes }, observer);
    if (status === 401) throw new ProblemError('unauthenticated', 'Sign in: an API key will not do here');
    if (status !== 200) throw new Error(`${upstream.name} answered ${status}`);
    return body.toString();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError(
      'unavailable',
      `The export is not complete without ${upstream.name}, which does not answer`,
      {
        retryAfter: 30,
        cause,
      },
    );
  }
}

async function auditEntriesOf(db: Db, accountId: string) {
  const entries = [];
  const filter = { accountId, pathPrefix: undefined, traceId: undefined, from: undefined, to: undefined };
  for (let before: string | undefined; ; ) {
    const page = await findAuditEntries(db, { ...filter, before, limit: AUDIT_PAGE });
    entries.push(
      ...page.map(({ id, at, method, path, status, address, userAgent }) => ({
        id,
        at,
        method,
        path,
        status,
        address,
        userAgent,
      })),
    );
    before = page.at(-1)?.id;
    if (page.length < AUDIT_PAGE) return entries;
  }
}
