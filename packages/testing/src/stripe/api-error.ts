import type Stripe from 'stripe';

/** The `error` of an answer. Source: https://docs.stripe.com/api/errors */
export type ApiErrorBody = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  payment_intent?: Stripe.PaymentIntent;
};

/** An answer that is no success, in Stripe's shape. */
export class ApiError extends Error {
  readonly status: number;
  readonly error: ApiErrorBody;

  constructor(status: number, error: ApiErrorBody) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

/** 400 `invalid_request_error`. */
export const invalidRequest = (message: string, more: Pick<ApiErrorBody, 'code' | 'param'> = {}): ApiError =>
  new ApiError(400, { type: 'invalid_request_error', message, ...more });

/** 404 for an object that is not there. */
export const noSuch = (kind: string, id: string, param: string): ApiError =>
  new ApiError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${kind}: '${id}'`,
  });
