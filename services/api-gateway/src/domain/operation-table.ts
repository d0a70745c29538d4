import { BODY_LIMIT_EXTENSION, NO_BODY_LIMIT } from '@tradepost/contracts/body-limit';
import { IDEMPOTENCY_EXTENSION, type Idempotency, isSafe } from '@tradepost/contracts/idempotency';
import findMyWay from 'find-my-way';
import type { JsonObject } from './openapi-merge.ts';

/** The operations of the services behind, by method and path, as their OpenAPI documents declare them. */
export type OperationTable = {
  /**
   * The idempotency that an operation declares. Without a declaration (its document has not been read yet, or is of an older
   * version) only the safe methods are idempotent: sending anything else twice is a guess.
   */
  idempotencyOf(method: string, path: string): Idempotency;
  /** The bytes that the body of an operation may have. Undefined where no document says so. */
  bodyLimitOf(method: string, path: string): number | undefined;
  /** The methods of a path, sorted; empty for a path that no document names. */
  methodsOf(path: string): string[];
};

type Declaration = { idempotency: Idempotency; bodyLimit: number | undefined };

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];

/** Longer than any parameter that a service accepts. */
const MAX_PARAM_LENGTH = 512;

const nothing = (): void => undefined;

/** Reads the documents with the router that the services use, so that both find the same operation for a path. */
export function createOperationTable(documents: readonly JsonObject[]): OperationTable {
  const router = findMyWay({ maxParamLength: MAX_PARAM_LENGTH });
  for (const document of documents) {
    for (const [path, item] of Object.entries(objectOf(document.paths))) {
      const url = path.replace(/\{([^{}]+)\}/g, ':$1');
      for (const method of METHODS) {
        const operation = objectOf(item)[method.toLowerCase()];
        if (operation === undefined || router.hasRoute(method, url)) continue;
        const declared = objectOf(operation);
        const idempotency = readIdempotency(method, declared);
        router.on(method, url, nothing, { idempotency, bodyLimit: readBodyLimit(declared) } satisfies Declaration);
      }
    }
  }
  const isKnown = (method: Method, path: string) => router.find(method, path) !== null;
  const declarationOf = (method: string, path: string) => {
    const known = METHODS.find((one) => one === method);
    const store: unknown = known && router.find(known, path)?.store;
    return isDeclaration(store) ? store : undefined;
  };
  return {
    idempotencyOf(method, path) {
      if (isSafe(method)) return 'always';
      return declarationOf(method, path)?.idempotency ?? 'never';
    },
    bodyLimitOf: (method, path) => declarationOf(method, path)?.bodyLimit,
    methodsOf: (path) => {
      const found = METHODS.filter((method) => isKnown(method, path));
      return [...new Set([...found, ...(found.includes('GET') ? ['HEAD'] : [])])].sort();
    },
  };
}

function readIdempotency(method: string, operation: JsonObject): Idempotency {
  const declared = operation[IDEMPOTENCY_EXTENSION];
  if (declared === 'always' || declared === 'with-key' || declared === 'never') return declared;
  return isSafe(method) ? 'always' : 'never';
}

function readBodyLimit({ requestBody }: JsonObject): number | undefined {
  if (requestBody === undefined) return NO_BODY_LIMIT;
  const declared = objectOf(requestBody)[BODY_LIMIT_EXTENSION];
  return typeof declared === 'number' && declared >= 0 ? declared : undefined;
}

function isDeclaration(store: unknown): store is Declaration {
  return typeof store === 'object' && store !== null && 'idempotency' in store;
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
