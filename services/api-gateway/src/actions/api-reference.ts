import { createHash } from 'node:crypto';
import { type JsonObject, mergeOpenApi, type Part } from '../domain/openapi-merge.ts';
import { createOperationTable, type OperationTable } from '../domain/operation-table.ts';
import type { UpstreamName } from '../domain/routing.ts';
import type { ApiDocument } from '../store/api-documents.ts';

export type ApiReferenceOptions = {
  publicUrl: string;
  /** In the order in which they appear. */
  services: readonly UpstreamName[];
  /** The document of a service, as it serves it now. Throws when it is unavailable. */
  fetch(service: UpstreamName): Promise<string>;
  /** The document of the gateway's own routes. */
  own(): JsonObject;
  /** Keeps a document that has changed, for the next start. */
  save(document: ApiDocument): Promise<void>;
  load(): Promise<ApiDocument[]>;
  onProblem(error: unknown, service: UpstreamName | undefined): void;
};

export type ReferenceText = { body: Buffer; etag: string };

/** The reference of the whole API, joined from what the services say of themselves; kept while they are unavailable. */
export class ApiReference {
  readonly #options: ApiReferenceOptions;
  readonly #documents = new Map<string, { text: string; document: JsonObject; saved: boolean }>();
  #text: ReferenceText | undefined;
  #operations: OperationTable | undefined;
  #loaded = false;

  constructor(options: ApiReferenceOptions) {
    this.#options = options;
  }

  /** The document as it is served. */
  text(): ReferenceText {
    this.#text ??= this.#merge();
    return this.#text;
  }

  /** The operations that the services declare, as far as their documents have been read. */
  operations(): OperationTable {
    this.#operations ??= createOperationTable([...this.#documents.values()].map(({ document }) => document));
    return this.#operations;
  }

  /** True once there is a document of every service, fetched or stored. */
  get complete(): boolean {
    return this.#options.services.every((service) => this.#documents.has(service));
  }

  /** Asks every service again, after reading what was kept, the first time. Returns how many did not answer. */
  async refresh(): Promise<number> {
    const outcomes = await Promise.all(this.#options.services.map((service) => this.#fetch(service)));
    if (!this.#loaded) await this.#load();
    await this.#save();
    return outcomes.filter((ok) => !ok).length;
  }

  async #fetch(service: UpstreamName): Promise<boolean> {
    try {
      const text = await this.#options.fetch(service);
      if (this.#documents.get(service)?.text === text) return true;
      const document: unknown = JSON.parse(text);
      if (!isOpenApi(document)) throw new TypeError('It is not an OpenAPI 3.1 document');
      this.#documents.set(service, { text, document, saved: false });
      this.#changed();
      return true;
    } catch (error) {
      this.#options.onProblem(error, service);
      return false;
    }
  }

  async #load(): Promise<void> {
    try {
      for (const { service, document } of await this.#options.load()) {
        if (this.#documents.has(service) || !isOpenApi(document)) continue;
        this.#documents.set(service, { text: '', document, saved: true });
        this.#changed();
      }
      this.#loaded = true;
    } catch (error) {
      this.#options.onProblem(error, undefined);
    }
  }

  #changed(): void {
    this.#text = undefined;
    this.#operations = undefined;
  }

  async #save(): Promise<void> {
    for (const [service, entry] of this.#documents) {
      if (entry.saved) continue;
      try {
        await this.#options.save({ service, document: entry.document });
        entry.saved = true;
      } catch (error) {
        this.#options.onProblem(error, undefined);
        return;
      }
    }
  }

  #merge(): ReferenceText {
    const parts: Part[] = [];
    for (const name of this.#options.services) {
      const entry = this.#documents.get(name);
      if (entry !== undefined) parts.push({ name, document: entry.document });
    }
    parts.push({ name: 'api-gateway', document: this.#options.own() });
    const head = {
      title: 'Tradepost',
      version: '1',
      description:
        'Catalogue, carts, orders and accounts of a shop. Sign in at `/api/v1/auth/sign-in/email` and send the token as ' +
        '`Authorization: Bearer <token>`. Errors are problem documents (RFC 9457): branch on their `code`.',
      servers: [{ url: this.#options.publicUrl }],
    };
    return documentText(mergeOpenApi(head, parts));
  }
}

/** A document as it is served: with a tag by which a client tells that it has it already. */
export function documentText(document: object): ReferenceText {
  const body = Buffer.from(JSON.stringify(document));
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

function isOpenApi(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    'openapi' in value &&
    typeof value.openapi === 'string' &&
    value.openapi.startsWith('3.1') &&
    'paths' in value
  );
}
