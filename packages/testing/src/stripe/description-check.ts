import { describedCalls, describedEvents, describedParams } from './described-calls.ts';
import { describedObjects, objectsOfSdk } from './described-objects.ts';

/** Bodies are JSON; a query or a form has texts only. */
type Encoding = 'json' | 'form';

type Field = { type: string; isRequired: boolean; isNullable: boolean };
type Fields = ReadonlyMap<string, Field>;

/** What is wrong with an object by Stripe's API description, one line each with the path of the value; `name`: as in the description. */
const objectProblems = (value: unknown, name: string): string[] => checkValue(value, { type: name, at: name });

/** What is wrong with the parameters of a call, such as `POST /v1/refunds`. */
export const paramProblems = (call: string, params: object): string[] =>
  checkValue(params, { type: call, at: call, encoding: 'form' });

/** What is wrong with the body of an answer. */
export function answerProblems(call: string, answer: { status: number; body: object }): string[] {
  const name = answer.status === 200 ? describedCalls[call]?.answer : 'error';
  return name === undefined ? [`nothing is known here of ${call}`] : objectProblems(answer.body, name);
}

/** What is wrong with an event, and with the object that it is about. */
export function eventProblems(event: { type: string; data: { object: object } }): string[] {
  const kind = describedEvents[event.type];
  if (kind === undefined) return [`nothing is known here of the event ${event.type}`];
  const problems = [...objectProblems(event, 'event'), ...objectProblems(event.data.object, kind)];
  return problems.map((problem) => `${event.type}: ${problem}`);
}

type Place = { type: string; at: string; isNullable?: boolean; encoding?: Encoding };

function checkValue(value: unknown, { type, at, isNullable = false, encoding = 'json' }: Place): string[] {
  if (value === null) return isNullable ? [] : [`${at} is null, but not nullable`];
  if (type.startsWith('[')) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    const items = { type: type.slice(1, -1), encoding };
    return value.flatMap((item, index) => checkValue(item, { ...items, at: `${at}[${index}]` }));
  }
  if (type.startsWith('=')) {
    const isListed = typeof value === 'string' && type.slice(1).split('|').includes(value);
    return isListed ? [] : [`${at} is ${JSON.stringify(value)}, not one of ${type.slice(1).replaceAll('|', ', ')}`];
  }
  if (type.startsWith('id:')) return typeof value === 'string' ? [] : checkValue(value, { type: type.slice(3), at });
  const isOfType = simpleTypes[encoding][type];
  if (isOfType) return isOfType(value) ? [] : [`${at} is ${JSON.stringify(value)}, not of the type ${type}`];
  const fields = fieldsOf(type);
  if (!fields) return [`${at} has a value, but nothing is known here of ${type}`];
  return isObject(value) ? checkFields(value, fields, { at, encoding }) : [`${at} is no object`];
}

function checkFields(value: object, fields: Fields, o: { at: string; encoding: Encoding }): string[] {
  // A field that is undefined is not sent.
  const given = Object.entries(value).filter(([, content]) => content !== undefined);
  const names = new Set(given.map(([name]) => name));
  const missing = [...fields].filter(([name, { isRequired }]) => isRequired && !names.has(name));
  return [
    ...missing.map(([name]) => `${o.at}.${name} is missing`),
    ...given.flatMap(([name, content]) => {
      const field = fields.get(name);
      const at = `${o.at}.${name}`;
      return field ? checkValue(content, { ...field, at, encoding: o.encoding }) : [`${at} does not exist at Stripe`];
    }),
  ];
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isCurrency = (value: unknown): boolean => isText(value) && /^[a-z]{3}$/.test(value);
const isMetadata = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);

const simpleTypes: Readonly<Record<Encoding, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  json: {
    string: isText,
    integer: Number.isSafeInteger,
    number: Number.isFinite,
    boolean: (value) => typeof value === 'boolean',
    currency: isCurrency,
    metadata: isMetadata,
    object: isObject,
  },
  form: {
    string: isText,
    integer: (value) => isText(value) && /^-?\d+$/.test(value),
    boolean: (value) => value === 'true' || value === 'false',
    currency: isCurrency,
    metadata: isMetadata,
    // An empty text removes all metadata.
    'metadata or nothing': (value) => value === '' || isMetadata(value),
  },
};

const read = new Map<string, Fields>();

/** The fields of an object, or the parameters of a call. */
function fieldsOf(name: string): Fields | undefined {
  const earlier = read.get(name);
  if (earlier) return earlier;
  const facts = describedObjects[name] ?? describedParams[name] ?? describedCalls[name]?.params;
  if (!facts) return undefined;
  const fields = new Map(
    Object.entries(facts)
      .concat(Object.entries(objectsOfSdk[name] ?? {}))
      .flatMap(fieldsOfType),
  );
  read.set(name, fields);
  return fields;
}

function fieldsOfType([key, names]: [string, string]): [string, Field][] {
  const field = {
    type: key.replace(/^[!?] /, ''),
    isRequired: key.startsWith('! '),
    isNullable: key.startsWith('? '),
  };
  return names.split(' ').map((name) => [name, field]);
}
