import { isDeepStrictEqual } from 'node:util';

export type JsonObject = { [name: string]: unknown };

/** What one service says of itself; `name` sets apart what two services call the same. */
export type Part = { name: string; document: JsonObject };

export type Head = { title: string; version: string; description: string; servers: { url: string }[] };

/**
 * Joins the OpenAPI 3.1 documents of several services into one. Order is kept: the same parts give the same text. Of two
 * components with one name and different content the later is renamed, with its references; internal paths are left out.
 */
export function mergeOpenApi(head: Head, parts: readonly Part[]): JsonObject {
  const paths: JsonObject = {};
  const components: { [section: string]: JsonObject } = {};
  const tags: JsonObject[] = [];
  const operationIds = new Set<string>();
  for (const part of parts) {
    const renames = addComponents(components, part);
    for (const [path, item] of Object.entries(objectOf(part.document.paths))) {
      if (isInternal(path) || Object.hasOwn(paths, path)) continue;
      paths[path] = withOperations(objectOf(withReferences(item, renames)), part, operationIds);
    }
    for (const tag of arrayOf(part.document.tags)) {
      if (isObject(tag) && !tags.some((known) => known.name === tag.name)) tags.push(tag);
    }
  }
  const { servers, ...info } = head;
  return {
    openapi: '3.1.0',
    info,
    servers,
    ...(tags.length > 0 ? { tags } : {}),
    paths,
    ...(Object.keys(components).length > 0 ? { components } : {}),
  };
}

/** Only what a client can reach through the gateway belongs in its reference. */
function isInternal(path: string): boolean {
  return !path.startsWith('/api/') || path.includes('/internal/');
}

/** Adds a part's components and returns the references that had to change: `#/components/…` → `#/components/…`. */
function addComponents(into: { [section: string]: JsonObject }, part: Part): Map<string, string> {
  const sections = Object.entries(objectOf(part.document.components));
  const renames = new Map<string, string>();
  for (const [section, entries] of sections) {
    for (const [name, content] of Object.entries(objectOf(entries))) {
      const known = into[section]?.[name];
      if (known === undefined || isDeepStrictEqual(known, content)) continue;
      renames.set(reference(section, name), reference(section, freeName(into[section] ?? {}, `${part.name}.${name}`)));
    }
  }
  for (const [section, entries] of sections) {
    const target = into[section] ?? {};
    into[section] = target;
    for (const [name, content] of Object.entries(objectOf(entries))) {
      const renamed = renames.get(reference(section, name));
      const finalName = renamed === undefined ? name : nameIn(renamed);
      target[finalName] ??= withReferences(content, renames);
    }
  }
  return renames;
}

function freeName(taken: JsonObject, wish: string): string {
  let name = wish;
  for (let n = 2; Object.hasOwn(taken, name); n++) name = `${wish}${n}`;
  return name;
}

function reference(section: string, name: string): string {
  return `#/components/${section}/${name}`;
}

function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** A copy in which `$ref`s, discriminator mappings and security requirements follow the renames. */
function withReferences(value: unknown, renames: ReadonlyMap<string, string>): unknown {
  if (renames.size === 0) return value;
  if (typeof value === 'string') return renames.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withReferences(item, renames));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    copy[key] = key === 'security' ? withSchemes(item, renames) : withReferences(item, renames);
  }
  return copy;
}

function withSchemes(requirements: unknown, renames: ReadonlyMap<string, string>): unknown {
  if (!Array.isArray(requirements)) return withReferences(requirements, renames);
  return requirements.map((requirement) => {
    if (!isObject(requirement)) return requirement;
    return Object.fromEntries(
      Object.entries(requirement).map(([scheme, scopes]) => {
        const renamed = renames.get(reference('securitySchemes', scheme));
        return [renamed === undefined ? scheme : nameIn(renamed), scopes];
      }),
    );
  });
}

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/**
 * Gives each operation what its document said for all of them (tag and security), and an `operationId` that no other has.
 */
function withOperations(item: JsonObject, part: Part, operationIds: Set<string>): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(item)) {
    if (!methods.has(key) || !isObject(value)) {
      result[key] = value;
      continue;
    }
    const operation: JsonObject = { ...value };
    operation.tags ??= [part.name];
    if (part.document.security !== undefined) operation.security ??= part.document.security;
    if (typeof operation.operationId === 'string')
      operation.operationId = uniqueId(operation.operationId, part, operationIds);
    result[key] = operation;
  }
  return result;
}

function uniqueId(wish: string, part: Part, taken: Set<string>): string {
  let id = wish;
  if (taken.has(id)) id = `${part.name}_${wish}`;
  for (let n = 2; taken.has(id); n++) id = `${part.name}_${wish}${n}`;
  taken.add(id);
  return id;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
