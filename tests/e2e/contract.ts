import type { Exchange } from '@tradepost/testing/shopper';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

type Operation = { responses: Record<string, { content?: Record<string, unknown> }> };
export type OpenApi = { openapi: string; paths: Record<string, Record<string, Operation>> };

/** Says what of an exchange is not as the document says; null where it conforms. */
export function createContract(document: OpenApi): (exchange: Exchange) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // as: the package is CommonJS, and its default export is the plugin itself at run time.
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(document, 'openapi');
  const templates = Object.keys(document.paths).map((template) => ({ template, pattern: patternOf(template) }));
  return ({ method, path, answer }) => {
    const pathname = path.split('?')[0] ?? path;
    const candidates = templates.filter((entry) => entry.pattern.test(pathname));
    // The path without a parameter wins over one with.
    const found = candidates.sort((a, b) => a.template.split('{').length - b.template.split('{').length)[0];
    const operation = found && document.paths[found.template]?.[method.toLowerCase()];
    const name = `${method} ${path} → ${answer.status}`;
    if (!found || !operation) return `${name}: not in the document`;
    const response = operation.responses[answer.status] ? String(answer.status) : 'default';
    const content = operation.responses[response]?.content;
    if (!operation.responses[response]) return `${name}: no such answer in the document`;
    if (!content) return null;
    const type = answer.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    if (!(type in content)) return `${name}: ${type || 'no content type'}, not ${Object.keys(content).join(', ')}`;
    const pointer = ['paths', found.template, method.toLowerCase(), 'responses', response, 'content', type, 'schema'];
    const validate = ajv.getSchema(`openapi#/${pointer.map(pointerPart).join('/')}`);
    if (!validate || validate(answer.body)) return null;
    return `${name}: ${ajv.errorsText(validate.errors)}`;
  };
}

const pointerPart = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`);
