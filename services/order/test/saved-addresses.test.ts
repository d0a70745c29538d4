import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Actor, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.stop());

const at = (line1: string) => ({ name: 'Ada', line1, city: 'London', postalCode: 'N1', country: 'GB' });
const save = (actor: Actor, line1: string, o: { id?: string; isDefault?: boolean } = {}) => {
  const { id = uuidv7(), ...rest } = o;
  return actor.call('PUT', `/api/v1/addresses/${id}`, { address: at(line1), ...rest });
};
const listed = async (actor: Actor) =>
  (await actor.call('GET', '/api/v1/addresses')).body.items.map(
    (one: { address: { line1: string }; isDefault: boolean }) =>
      `${one.address.line1}${one.isDefault ? ', default' : ''}`,
  );

it('keeps several, of which the first is the default until another is', async () => {
  const ada = await shop.someone();
  expect(await listed(ada)).toEqual([]);
  const home = await save(ada, 'Home');
  expect(home).toMatchObject({ status: 201, body: { address: at('Home'), isDefault: true } });
  await save(ada, 'Work');
  expect(await listed(ada)).toEqual(['Home, default', 'Work']);
  await save(ada, 'Boat', { isDefault: true });
  expect(await listed(ada)).toEqual(['Boat, default', 'Work', 'Home']);
});

it('is changed under its id, and the same sent twice is kept once', async () => {
  const ada = await shop.someone();
  const id = uuidv7();
  expect((await save(ada, 'Home', { id })).status).toBe(201);
  expect((await save(ada, 'Home', { id })).status).toBe(200);
  expect((await save(ada, 'New home', { id })).body).toMatchObject({ id, isDefault: true });
  expect(await listed(ada)).toEqual(['New home, default']);
});

it('has a default as long as there is any', async () => {
  const ada = await shop.someone();
  const [first, second] = [uuidv7(), uuidv7()];
  await save(ada, 'Home', { id: first });
  await save(ada, 'Work', { id: second });
  // To be none any more is to leave it to another, which nobody has named.
  expect((await save(ada, 'Home', { id: first, isDefault: false })).body.isDefault).toBe(true);
  expect((await ada.call('DELETE', `/api/v1/addresses/${first}`)).status).toBe(204);
  expect((await ada.call('DELETE', `/api/v1/addresses/${first}`)).status).toBe(204);
  expect(await listed(ada)).toEqual(['Work, default']);
});

it('is nobody else’s to see, change or forget, an operator’s neither', async () => {
  const [ada, admin] = [await shop.someone(), await shop.someone('admin')];
  const id = uuidv7();
  await save(ada, 'Home', { id });
  expect(await listed(admin)).toEqual([]);
  expect((await save(admin, 'Elsewhere', { id })).status).toBe(404);
  expect((await admin.call('DELETE', `/api/v1/addresses/${id}`)).status).toBe(204);
  expect(await listed(ada)).toEqual(['Home, default']);
  expect(await listed(admin)).toEqual([]);
  expect((await fetch(`${shop.url}/api/v1/addresses`)).status).toBe(401);
});

it('has one default, with any number of changes at once, and no more addresses than the limit', async () => {
  const ada = await shop.someone();
  const answers = await Promise.all(
    Array.from({ length: 25 }, (_, index) => save(ada, `Street ${index}`, { isDefault: true })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(answers.filter(({ body }) => body.code === 'unprocessable')).toHaveLength(5);
  expect((await listed(ada)).filter((one: string) => one.endsWith('default'))).toHaveLength(1);
});

it('says what is wrong with an address, and with an id', async () => {
  const ada = await shop.someone();
  const answer = await ada.call('PUT', `/api/v1/addresses/${uuidv7()}`, {
    address: { ...at('x'), country: 'Germany' },
  });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: '/address/country' }] } });
  expect((await ada.call('PUT', '/api/v1/addresses/1', { address: at('x') })).status).toBe(400);
});

it.each(['HK', 'AE', 'IE'])('needs no postal code in %s', async (country) => {
  const ada = await shop.someone();
  const address = { name: 'Ada', line1: '1 Queens Road', city: 'Central', country };
  const saved = await ada.call('PUT', `/api/v1/addresses/${uuidv7()}`, { address });
  expect(saved).toMatchObject({ status: 201, body: { address } });
});

it('needs a postal code where addresses have one, and a country that exists', async () => {
  const ada = await shop.someone();
  const fieldsOf = async (change: object) => {
    const address = { ...at('Home'), ...change };
    const { status, body } = await ada.call('PUT', `/api/v1/addresses/${uuidv7()}`, { address });
    return [status, ...(body.errors ?? []).map(({ field }: { field: string }) => field)];
  };
  expect(await fieldsOf({ postalCode: undefined })).toEqual([400, '/address/postalCode']);
  expect(await fieldsOf({ postalCode: ' \u200b' })).toEqual([400, '/address/postalCode']);
  for (const country of ['UK', 'ZZ', 'XK', 'gb'])
    expect(await fieldsOf({ country })).toEqual([400, '/address/country']);
});

it('is stored trimmed, and refused with what controls or hides', async () => {
  const ada = await shop.someone();
  const address = {
    name: ' Re\u0301ne\u0301 ',
    line1: 'Row\u200b 1',
    city: 'London\u2028',
    postalCode: ' N1 ',
    country: 'GB',
  };
  const saved = await ada.call('PUT', `/api/v1/addresses/${uuidv7()}`, { address });
  expect(saved.body.address).toEqual({ name: 'Réné', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' });
  const bad = { name: 'A\r\nB', line1: 'A\u001b[31m', city: '\u200b', region: 'a\u202eb', phone: '1\t2' };
  const refused = await ada.call('PUT', `/api/v1/addresses/${uuidv7()}`, { address: { ...at('Home'), ...bad } });
  expect(refused.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(
    Object.keys(bad)
      .map((name) => `/address/${name}`)
      .sort(),
  );
});
