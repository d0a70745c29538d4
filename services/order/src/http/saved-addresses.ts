import type { App } from '@tradepost/runtime/app';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { type Static, Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { forgetAddress, MAX_ADDRESSES, readAddresses, saveAddress } from '../actions/saved-addresses.ts';
import type { SavedAddress } from '../store/saved-addresses.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';

const tags = ['addresses'];

const Saved = Type.Object({
  id: Type.String({ format: 'uuid' }),
  address: responses.Address,
  isDefault: Type.Boolean({ description: 'The address that checkout selects first' }),
  createdAt: Type.String({ format: 'date-time' }),
});
const NewSavedAddress = Type.Object(
  { address: requests.NewAddress, isDefault: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);

const view = ({ id, address, isDefault, createdAt }: SavedAddress): Static<typeof Saved> => ({
  ...{ id, address, isDefault },
  createdAt: createdAt.toISOString(),
});

/** Each account's own: nobody else's can be named, an operator's neither. */
export function savedAddressRoutes(app: App, ctx: Context): void {
  listAddressesRoute(app, ctx);
  saveAddressRoute(app, ctx);
  forgetAddressRoute(app, ctx);
}

function listAddressesRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/addresses',
    {
      schema: {
        operationId: 'listAddresses',
        summary: 'List saved addresses: the default first, then the newest',
        tags,
        response: { 200: Type.Object({ items: Type.Array(Saved) }), ...problemResponses('unauthenticated') },
      },
    },
    async (request) => ({ items: (await readAddresses(ctx, requireIdentity(request))).map(view) }),
  );
}

function saveAddressRoute(app: App, ctx: Context): void {
  app.put(
    '/api/v1/addresses/:id',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'saveAddress',
        summary: 'Save or change an address',
        description: `The id is the client's to make, so that the same sent twice is kept once. At most ${MAX_ADDRESSES} are kept; the first is the default.`,
        tags,
        params: requests.ById,
        body: NewSavedAddress,
        response: { 200: Saved, 201: Saved, ...problemResponses('unauthenticated', 'not_found', 'unprocessable') },
      },
    },
    async (request, reply) => {
      const { address, isDefault = false } = request.body;
      const wanted = { address, isDefault };
      const { saved, created } = await saveAddress(ctx, requireIdentity(request), request.params.id, wanted);
      return reply.code(created ? 201 : 200).send(view(saved));
    },
  );
}

function forgetAddressRoute(app: App, ctx: Context): void {
  app.delete(
    '/api/v1/addresses/:id',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'forgetAddress',
        summary: 'Delete an address',
        description:
          'Orders that were sent to it keep it. Of those that are left the latest takes its place as the default.',
        tags,
        params: requests.ById,
        response: { 204: Type.Null(), ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      await forgetAddress(ctx, requireIdentity(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
