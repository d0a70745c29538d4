import { readFileSync } from 'node:fs';
import path from 'node:path';
import { API } from 'typescript/unstable/sync';

const root = path.resolve(import.meta.dirname, '../../../..');
const config = path.join(import.meta.dirname, 'sent-values.tsconfig.json');
const source = path.join(import.meta.dirname, 'sent-values.ts');

/** The name of a type of the SDK, as in `PaymentIntent`, and a value that must be of it. */
export type TypedValue = { name: string; type: string; value: unknown };

/**
 * What is wrong with values by the types of Stripe's SDK, which are generated from Stripe's API description of the same version: a
 * missing field, an unknown one, another type. Each value is written down as a literal, and the compiler checks the file; it exists in
 * memory only.
 *
 * The SDK lets any text through where the API may add values one day (`OtherString`). Here only those are right that it has now.
 */
export function typeProblems(values: readonly TypedValue[]): string[] {
  const lines = values.map(({ type, value }, index) => `export const v${index}: ${type} = ${JSON.stringify(value)};`);
  const files = new Map([
    [source, `import type Stripe from 'stripe';\n${lines.join('\n')}\n`],
    [config, JSON.stringify({ compilerOptions, files: [source] })],
  ]);
  const api = new API({
    cwd: root,
    fs: {
      readFile: (file) => files.get(file) ?? (isSharedTypes(file) ? withoutOtherTexts(file) : undefined),
      fileExists: (file) => (files.has(file) ? true : undefined),
    },
  });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error('The types of the SDK cannot be read');
    const text = files.get(source) ?? '';
    return project.program.getSemanticDiagnostics(source).map((problem) => {
      const line = text.slice(0, problem.pos).split('\n').length;
      return `${values[line - 2]?.name}: ${problem.text}`;
    });
  } finally {
    api.close();
  }
}

const compilerOptions = {
  target: 'esnext',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
};

const isSharedTypes = (file: string): boolean => file.endsWith('node_modules/stripe/esm/shared.d.ts');

function withoutOtherTexts(file: string): string {
  const text = readFileSync(file, 'utf8');
  const strict = text.replace(/export type OtherString = [^;]+;/, 'export type OtherString = never;');
  if (strict === text) throw new Error('The SDK has no type OtherString any more');
  return strict;
}
