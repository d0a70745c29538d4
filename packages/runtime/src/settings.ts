import { readFileSync } from 'node:fs';
import type { Static, TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { descriptionHint, expectedValue, isSchema, schemaKeyword } from './expected-setting.ts';
import { weaknessOf, weaknessOfUrl } from './secret-strength.ts';
import { problemOfUrls, withoutPasswords } from './setting-urls.ts';

/** One line of what `describeSettings` tells about a schema. */
export type SettingDescription = {
  /** The environment variable. */
  name: string;
  /** What its value must be, in words. */
  expected: string;
  /** As it would be written in the environment; undefined when there is none. */
  default: string | undefined;
  required: boolean;
  /** Never to be printed, and fit for a Secret only. */
  secret: boolean;
  description: string;
};

/** Names every setting that is missing or wrong, and what was expected; never the value of a secret. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `${problems.length === 1 ? 'One setting is' : `${problems.length} settings are`} missing or wrong:\n` +
        `${problems.map((problem) => `  ${problem}`).join('\n')}\n` +
        'Settings are environment variables. NAME_FILE=/path may be given for NAME, to read its value from a file.',
    );
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/**
 * Reads settings from environment variables by a schema whose keys are their names. Text is turned into integers,
 * numbers, booleans (`true`, `false`, `1`, `0`) and lists (separated by commas) as the schema says; an empty variable
 * counts as missing; a variable that the schema does not have is ignored. `NAME_FILE` gives NAME by the content of a
 * file, as secrets are mounted. A secret that anybody could guess is refused. Throws a `SettingsError` that names all that is missing or wrong.
 */
export function readSettings<T extends TObject>(schema: T, env: Record<string, string | undefined>): Static<T> {
  const required = new Set<string>(schema.required ?? []);
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, property] of properties(schema)) {
    const { text, problem } = lookUp(name, schema, env);
    if (problem !== undefined) problems.push(problem);
    else if (text === undefined) {
      const fallback = schemaKeyword(property, 'default');
      if (fallback !== undefined) values[name] = structuredClone(fallback);
      else if (required.has(name))
        problems.push(`${name} is required: ${expectedValue(property)}${descriptionHint(property)}`);
    } else {
      values[name] = coerce(property, text);
      // Not compiled: each is checked once, and a compiler takes 15 ms of a start until it has warmed up.
      const isValid = Value.Check(property, values[name]);
      const expected = isValid ? problemOfUrls(name, values[name]) : expectedValue(property);
      if (expected !== undefined)
        problems.push(`${name} ${shown(name, text)}must be ${expected}${descriptionHint(property)}`);
      else {
        const weakness = isSecret(name) ? weaknessOfSetting(name, values[name]) : undefined;
        if (weakness !== undefined)
          problems.push(`${name} ${weakness}: make a random one, with openssl rand -base64 32`);
      }
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  // as: every required property is there and was checked against its schema.
  return values as Static<T>;
}

/** Describes the settings of a schema, for READMEs and for checks of manifests. */
export function describeSettings(schema: TObject): SettingDescription[] {
  const required = new Set<string>(schema.required ?? []);
  return properties(schema).map(([name, property]) => {
    const fallback = schemaKeyword(property, 'default');
    const description = schemaKeyword(property, 'description');
    return {
      name,
      expected: expectedValue(property),
      default: fallback === undefined ? undefined : String(fallback),
      required: required.has(name) && fallback === undefined,
      secret: isSecret(name),
      description: typeof description === 'string' ? description : '',
    };
  });
}

function properties(schema: TObject): [string, TSchema][] {
  return Object.entries(schema.properties);
}

type SettingText = { text?: string; problem?: string };

function lookUp(name: string, schema: TObject, env: Record<string, string | undefined>): SettingText {
  const text = env[name];
  if (text !== undefined && text !== '') return { text };
  const fileName = `${name}_FILE`;
  const path = env[fileName];
  if (!path || Object.hasOwn(schema.properties, fileName)) return {};
  try {
    return { text: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { problem: `${fileName} names a file that cannot be read (${reason}): ${path}` };
  }
}

function isSecret(name: string): boolean {
  return /^(DATABASE|BROKER|SMTP)_URL$|_(SECRET|KEY|PASSWORD|TOKEN)S?$|^(SECRET|KEY|PASSWORD|TOKEN)$/.test(name);
}

/** What is wrong with a secret, or with one of a list or of a JSON object of them. */
function weaknessOfSetting(name: string, value: unknown): string | undefined {
  for (const secret of [value].flat().flatMap(membersOf)) {
    if (typeof secret !== 'string') continue;
    const weakness = name.endsWith('_URL') ? weaknessOfUrl(secret) : weaknessOf(secret);
    if (weakness !== undefined) return weakness;
  }
  return undefined;
}

/** The values of a JSON object; what cannot be read, whoever needs it says. */
function membersOf(text: unknown): unknown[] {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return [text];
  try {
    return Object.values(JSON.parse(text));
  } catch {
    return [];
  }
}

function shown(name: string, text: string): string {
  if (isSecret(name)) return '';
  const visible = withoutPasswords(text);
  return `is ${JSON.stringify(visible.length > 80 ? `${visible.slice(0, 80)}…` : visible)}, but `;
}

function coerce(property: TSchema, text: string): unknown {
  switch (schemaKeyword(property, 'type')) {
    case 'integer':
    case 'number':
      return text.trim() === '' ? text : Number(text);
    case 'boolean':
      return { true: true, '1': true, false: false, '0': false }[text.trim().toLowerCase()] ?? text;
    case 'array': {
      const items = schemaKeyword(property, 'items');
      const parts = text.split(',').map((part) => part.trim());
      return parts.filter((part) => part !== '').map((part) => (isSchema(items) ? coerce(items, part) : part));
    }
    default:
      return text;
  }
}
