import { type Db, sql } from '@tradepost/postgres/db';

export type ApiDocument = { service: string; document: unknown };

const upsert = sql(
  'api_document.upsert',
  `insert into api_document (service, document, fetched_at) values ($1, $2::json, now())
   on conflict (service) do update set document = excluded.document, fetched_at = excluded.fetched_at`,
);

/** Keeps what a service last said its API is, for a start while it is unavailable. */
export async function saveApiDocument(db: Db, { service, document }: ApiDocument): Promise<void> {
  await db.query(upsert([service, JSON.stringify(document)]));
}

const all = sql('api_document.all', 'select service, document from api_document order by service');

export async function loadApiDocuments(db: Db): Promise<ApiDocument[]> {
  return (await db.query<ApiDocument>(all())).rows;
}
