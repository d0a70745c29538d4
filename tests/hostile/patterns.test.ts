import { asyncApiDocument } from '@tradepost/messaging/asyncapi';
import { createAjv } from '@tradepost/runtime/validation';
import { serviceNames } from '@tradepost/testing/deployment';
import { sendRequest } from '@tradepost/testing/shopper';
import { analyse } from 'scslre';
import { beforeAll, describe, expect, it } from 'vitest';
import { openInProcess } from '../e2e/shop.ts';
import { cpuOf, cpuRatio } from './cpu.ts';
import { type HostileString, hostileStrings, textOf } from './hostile-strings.ts';
import { schemasIn } from './openapi.ts';
import { type Pattern, patternsInDocument, patternsInSource } from './patterns.ts';

/**
 * No pattern that a text from outside can reach takes time that grows faster than the text. Two ways to find one that does: an
 * analysis of the pattern, which knows texts that repeat one character, and hostile texts, which are matched.
 */
const { patterns: inSource, constructed } = patternsInSource();
let documents: Record<string, unknown>;
let patterns: Pattern[];

beforeAll(async () => {
  const shop = await openInProcess();
  try {
    documents = { asyncapi: asyncApiDocument({ version: '1' }) };
    documents.gateway = (await sendRequest(shop.site, 'GET', '/openapi.json')).body;
    for (const name of serviceNames) {
      const site = { gatewayUrl: shop.serviceUrls[name] };
      documents[name] = (await sendRequest(site, 'GET', '/openapi.json')).body;
    }
  } finally {
    await shop.stop();
  }
  const all = Object.entries(documents).flatMap(([name, document]) => patternsInDocument(document, name));
  patterns = [...new Map([...all, ...inSource].map((one) => [`/${one.source}/${one.flags}`, one])).values()];
});

/** Units of the shorter text; the longer one has eight times as many. */
const SHORT = 2_000;
const LONG = 8 * SHORT;
/** Twice what eight times as many units may cost, and a third of what they cost where cost grows with the square. */
const MOST_GROWTH = 20;
/** Microseconds. Matching the long text takes a few dozen where each unit is looked at a few times; with the square, 100,000. */
const WORTH_A_LOOK = 2_000;

const callOf = (match: (text: string) => unknown, text: string) => () => {
  match(text);
};

/** A hostile text of a pattern for which the time grows faster than the text. */
function slowText(source: string, match: (text: string) => unknown): HostileString | undefined {
  return hostileStrings(source).find((text) => {
    const long = callOf(match, textOf(text, LONG));
    if (cpuOf(long, { rounds: 1, budget: 0 }) < WORTH_A_LOOK) return false;
    return cpuRatio(long, [callOf(match, textOf(text, SHORT))], MOST_GROWTH, 6) > MOST_GROWTH;
  });
}

/** What a service does with an expression: a global one goes through the whole text. */
function matcherOf({ source, flags }: Pattern): (text: string) => unknown {
  const expression = new RegExp(source, flags);
  if (flags.includes('g')) return (text) => text.replace(expression, '');
  return (text) => {
    expression.lastIndex = 0;
    return expression.test(text);
  };
}

describe('patterns', () => {
  it('are found in every document and in the source text', () => {
    expect(inSource.length).toBeGreaterThan(60);
    expect(patterns.length).toBeGreaterThan(70);
    expect(patterns.map(({ source }) => source)).toEqual(
      expect.arrayContaining(['^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', '^[A-Za-z][A-Za-z0-9_-]{0,31}$']),
    );
  });

  it('are not put together at run time but where nobody else’s text gets into them', () => {
    expect([...new Set(constructed)]).toEqual([
      // Properties of characters; each is matched with a page of the table, never with a text.
      'packages/contracts/src/text-characters.ts',
      // The paths of our own routes.
      'packages/runtime/src/error-handler.ts',
      // Words that a secret must not consist of.
      'packages/runtime/src/secret-strength.ts',
    ]);
  });

  it('have no quantifiers that an analysis finds to be super-linear', () => {
    const found = patterns.flatMap(({ source, flags, where }) =>
      analyse({ source, flags }).reports.map((report) => `${where}: /${source}/${flags} ${report.type}`),
    );
    expect(found).toEqual([]);
  });

  it('take time that grows with the length of hostile texts and no faster', () => {
    const found = patterns.flatMap((pattern) => {
      const text = slowText(pattern.source, matcherOf(pattern));
      return text ? [`${pattern.where}: /${pattern.source}/${pattern.flags} for ${JSON.stringify(text)}`] : [];
    });
    expect(found).toEqual([]);
  });
});

describe('formats', () => {
  it('take time that grows with the length of hostile texts and no faster', () => {
    const formats = new Set(
      Object.values(documents).flatMap((document) =>
        [...schemasIn(document)].flatMap(([, { type, format }]) =>
          type === 'string' && format ? [String(format)] : [],
        ),
      ),
    );
    expect([...formats]).toEqual(expect.arrayContaining(['uuid', 'date-time', 'picture-url']));
    const ajv = createAjv({});
    for (const format of formats) {
      const text = slowText('https://2026-11-29T10:00:00.000Z urn:uuid:', ajv.compile({ type: 'string', format }));
      expect({ format, text }).toEqual({ format });
    }
  });
});
