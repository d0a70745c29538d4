import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';
import { isSchema, schemasIn } from './openapi.ts';

export type Pattern = { source: string; flags: string; where: string };

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What runs in a service; not what starts databases for tests and for a developer's machine, nor what writes files that are checked in. */
const FILES = ['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'];
const NOT_IN_A_SERVICE = /\.test\.ts$|^packages\/testing\/|^packages\/postgres\/src\/(embedded|dump-schema)/;

/** Every regular expression and every `pattern` of a schema in the source text of the services and their packages. */
export function patternsInSource(): { patterns: Pattern[]; constructed: string[] } {
  const patterns: Pattern[] = [];
  const constructed: string[] = [];
  for (const file of globSync(FILES, { cwd: root }).sort()) {
    if (NOT_IN_A_SERVICE.test(file)) continue;
    for (const node of nodesIn(parseAst(readFileSync(root + file, 'utf8'), { lang: 'ts' }))) {
      const found = regexOf(node) ?? patternPropertyOf(node);
      if (found) patterns.push({ ...found, where: file });
      if (node.type === 'NewExpression' && isSchema(node.callee) && node.callee.name === 'RegExp')
        constructed.push(file);
    }
  }
  return { patterns, constructed };
}

/** Every `pattern` in a document, also those that the names of fields must match. */
export function patternsInDocument(document: unknown, name: string): Pattern[] {
  return [...schemasIn(document)].flatMap(([at, schema]) => {
    const ofNames = at.endsWith('/patternProperties') ? Object.keys(schema) : [];
    const own = typeof schema.pattern === 'string' ? [schema.pattern] : [];
    // Ajv reads patterns with this flag.
    return [...own, ...ofNames].map((source) => ({ source, flags: 'u', where: `${name} ${at}` }));
  });
}

type Node = { [key: string]: unknown };

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const part of value) yield* nodesIn(part);
  else if (isSchema(value)) {
    yield value;
    for (const part of Object.values(value)) yield* nodesIn(part);
  }
}

function regexOf({ type, regex }: Node): Omit<Pattern, 'where'> | undefined {
  if (type !== 'Literal' || !isSchema(regex)) return undefined;
  return { source: String(regex.pattern), flags: String(regex.flags) };
}

function patternPropertyOf({ type, key, value }: Node): Omit<Pattern, 'where'> | undefined {
  const isPattern = type === 'Property' && isSchema(key) && key.name === 'pattern' && isSchema(value);
  return isPattern && typeof value.value === 'string' ? { source: value.value, flags: 'u' } : undefined;
}
