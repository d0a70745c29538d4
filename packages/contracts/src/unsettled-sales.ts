import { type Static, Type } from 'typebox';

/** Where `order` tells `auth` whether a seller may be erased; the gateway does not route it. */
export const UNSETTLED_SALES_PATH = '/internal/v1/unsettled-sales';

/** How many orders hold goods of a seller that are to be sent, or money that is to be given back. */
export const UnsettledSales = Type.Object({ orders: Type.Integer({ minimum: 0 }) });
export type UnsettledSales = Static<typeof UnsettledSales>;
