import { type Static, Type } from 'typebox';

/**
 * Every code that a problem document can carry, with its status and title. Codes are part of the public contract:
 * one is added, never renamed. 400 malformed, 422 understood but refused, 409 in conflict with what is stored.
 */
export const problems = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  validation_failed: { status: 400, title: 'The request has invalid fields' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid for this list' },
  webhook_not_valid: { status: 400, title: 'The message is not from the payment provider' },
  idempotency_key_required: { status: 400, title: 'An Idempotency-Key header is required' },
  unauthenticated: { status: 401, title: 'Valid credentials are required' },
  invalid_credentials: { status: 401, title: 'Wrong e-mail or password' },
  forbidden: { status: 403, title: 'Forbidden' },
  account_suspended: { status: 403, title: 'The account is suspended' },
  second_factor_required: { status: 403, title: 'A second factor is required' },
  second_factor_not_set_up: { status: 403, title: 'The account must set up a second factor' },
  origin_refused: { status: 403, title: 'The origin is not trusted' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'Conflict with the stored data' },
  price_changed: { status: 409, title: 'The total differs from the expected total' },
  idempotency_key_in_use: { status: 409, title: 'A request with this key is being processed' },
  order_not_cancellable: { status: 409, title: 'The order can no longer be cancelled' },
  order_not_fulfillable: { status: 409, title: 'The order cannot be fulfilled now' },
  order_not_payable: { status: 409, title: 'The order cannot be paid any more' },
  order_not_capturable: { status: 409, title: 'No money of the order can be taken now' },
  payment_not_captured: { status: 409, title: 'The money of the order could not be taken yet' },
  order_not_returnable: { status: 409, title: 'The goods cannot be returned' },
  order_not_refundable: { status: 409, title: 'The order cannot be refunded now' },
  insufficient_stock: { status: 409, title: 'Not enough in stock' },
  sku_taken: { status: 409, title: 'The SKU is already in use' },
  promotion_code_taken: { status: 409, title: 'Another promotion has this code' },
  email_taken: { status: 409, title: 'An account with this e-mail exists' },
  account_not_settled: { status: 409, title: 'The account has sales that are not settled' },
  last_admin: { status: 409, title: 'The shop would have no operator' },
  cart_checked_out: { status: 409, title: 'The cart has already been checked out' },
  cart_merged: { status: 409, title: 'The cart was merged into another one' },
  product_archived: { status: 409, title: 'The product is archived' },
  version_conflict: { status: 412, title: 'The resource has changed since you read it' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  unprocessable: { status: 422, title: 'Unprocessable' },
  unknown_sku: { status: 422, title: 'Unknown SKU' },
  not_for_sale: { status: 422, title: 'A SKU is not for sale' },
  mixed_currencies: { status: 422, title: 'The lines are priced in several currencies' },
  amount_too_large: { status: 422, title: 'The amount is too large' },
  duplicate_sku: { status: 422, title: 'Duplicate SKU' },
  unknown_payment_provider: { status: 422, title: 'Unknown payment provider' },
  payment_token_refused: { status: 422, title: 'The payment provider refused the token' },
  coupon_not_valid: { status: 422, title: 'The coupon is not valid' },
  vat_id_not_valid: { status: 422, title: 'The VAT id is not valid' },
  confirmation_required: { status: 422, title: 'The customer must confirm something that the shop asks for' },
  not_shippable: { status: 422, title: 'The order cannot be sent to this address' },
  shipping_method_not_offered: { status: 422, title: 'The shipping method is not offered for this order' },
  idempotency_key_reused: { status: 422, title: 'The key was used with another request' },
  cart_empty: { status: 422, title: 'The cart is empty' },
  refund_too_large: { status: 422, title: 'The refund is larger than the refundable amount' },
  link_not_valid: { status: 422, title: 'The link has expired or was used' },
  challenge_not_valid: { status: 422, title: 'The sign-in has expired or was completed' },
  code_not_valid: { status: 422, title: 'The code is not valid' },
  passkey_not_valid: { status: 422, title: 'The passkey is not accepted' },
  provider_refused: { status: 422, title: 'The sign-in provider has not confirmed this sign-in' },
  provider_email_not_verified: { status: 422, title: 'The sign-in provider gives no verified e-mail address' },
  weak_password: { status: 422, title: 'The password is not acceptable' },
  precondition_required: { status: 428, title: 'An If-Match header is required' },
  too_many_unsettled_orders: { status: 429, title: 'The account has too many unsettled orders' },
  rate_limited: { status: 429, title: 'Too many requests' },
  header_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Internal error' },
  provider_unavailable: { status: 502, title: 'The sign-in provider does not answer' },
  bad_gateway: { status: 502, title: 'Bad gateway: no valid response from the service' },
  unavailable: { status: 503, title: 'Unavailable' },
  overloaded: { status: 503, title: 'Overloaded' },
  gateway_timeout: { status: 504, title: 'Gateway timeout: the service did not respond in time' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable `code` of a problem document. */
export type ProblemCode = keyof typeof problems;

/** One bad field: `field` is a JSON pointer into the body (RFC 6901), `?name` of the query, `{name}` of the path, or a header's name. */
export const FieldError = Type.Object({ field: Type.String(), message: Type.String() });
export type FieldError = Static<typeof FieldError>;

/** A problem document, served as `application/problem+json`. Source: https://www.rfc-editor.org/rfc/rfc9457 */
export const Problem = Type.Object({
  type: Type.String({ description: 'A URI reference that names the kind of problem: `/problems/` and the code' }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable; branch on this', examples: ['price_changed'] }),
  detail: Type.Optional(Type.String()),
  instance: Type.Optional(Type.String({ description: 'The path of the request' })),
  requestId: Type.Optional(Type.String({ description: 'Quote it when asking for help' })),
  errors: Type.Optional(Type.Array(FieldError)),
});
export type Problem = Static<typeof Problem>;
