import type { Facts } from './described-objects.ts';

type DescribedCall = {
  /** The object of the answer 200. */
  answer: string;
  params: Facts;
};

/** The calls that the stand-in answers, with all their parameters, as the description has them (see `described-objects.ts`). */
export const describedCalls: Readonly<Record<string, DescribedCall>> = {
  'POST /v1/payment_intents': {
    answer: 'payment_intent',
    params: {
      '! integer': 'amount',
      '! currency': 'currency',
      integer: 'application_fee_amount',
      boolean: 'confirm error_on_requires_action use_stripe_sdk',
      metadata: 'metadata',
      '[string]': 'expand',
      string:
        'confirmation_token customer customer_account description mandate on_behalf_of payment_method payment_method_configuration receipt_email return_url statement_descriptor statement_descriptor_suffix transfer_group',
      '=automatic|automatic_async|manual': 'capture_method',
      '=automatic|manual': 'confirmation_method',
      '=off_session|on_session': 'setup_future_usage',
      '[payment_method_type]': 'allowed_payment_method_types excluded_payment_method_types',
      automatic_payment_methods_param: 'automatic_payment_methods',
      amount_details_param: 'amount_details',
      async_workflows_param: 'hooks',
      mandate_data_param: 'mandate_data',
      off_session_param: 'off_session',
      payment_details_param: 'payment_details',
      payment_method_data_param: 'payment_method_data',
      payment_method_options_param: 'payment_method_options',
      radar_options_param: 'radar_options',
      shipping_param: 'shipping',
      transfer_data_param: 'transfer_data',
    },
  },
  'GET /v1/payment_intents/search': {
    answer: 'payment_intent_search_result',
    params: { '! string': 'query', string: 'page', integer: 'limit', '[string]': 'expand' },
  },
  'GET /v1/payment_intents/{intent}': {
    answer: 'payment_intent',
    params: { string: 'client_secret', '[string]': 'expand' },
  },
  'POST /v1/payment_intents/{intent}/capture': {
    answer: 'payment_intent',
    params: {
      integer: 'amount_to_capture application_fee_amount',
      boolean: 'final_capture',
      string: 'statement_descriptor statement_descriptor_suffix',
      'metadata or nothing': 'metadata',
      '[string]': 'expand',
      amount_details_param: 'amount_details',
      async_workflows_param: 'hooks',
      payment_details_param: 'payment_details',
      transfer_data_param: 'transfer_data',
    },
  },
  'POST /v1/payment_intents/{intent}/cancel': {
    answer: 'payment_intent',
    params: {
      '=abandoned|duplicate|fraudulent|requested_by_customer': 'cancellation_reason',
      '[string]': 'expand',
    },
  },
  'POST /v1/refunds': {
    answer: 'refund',
    params: {
      integer: 'amount',
      currency: 'currency',
      boolean: 'refund_application_fee reverse_transfer',
      string: 'charge customer instructions_email payment_intent',
      'metadata or nothing': 'metadata',
      '[string]': 'expand',
      '=customer_balance': 'origin',
      '=duplicate|fraudulent|requested_by_customer': 'reason',
    },
  },
  'GET /v1/refunds': {
    answer: 'refund_list',
    params: {
      integer: 'limit',
      string: 'charge ending_before payment_intent starting_after',
      '[string]': 'expand',
      range_query_specs: 'created',
    },
  },
};

/** Parameters that are objects. Those without facts here are used by nobody. */
export const describedParams: Readonly<Record<string, Facts>> = {
  automatic_payment_methods_param: { '! boolean': 'enabled', '=always|never': 'allow_redirects' },
};

/** The kind of object that an event is about. The types are among the `enabled_events` of the description's webhook endpoints. */
export const describedEvents: Readonly<Record<string, string>> = {
  'charge.captured': 'charge',
  'charge.dispute.closed': 'dispute',
  'charge.dispute.created': 'dispute',
  'charge.dispute.funds_withdrawn': 'dispute',
  'charge.failed': 'charge',
  'charge.refunded': 'charge',
  'charge.succeeded': 'charge',
  'charge.updated': 'charge',
  'payment_intent.amount_capturable_updated': 'payment_intent',
  'payment_intent.canceled': 'payment_intent',
  'payment_intent.created': 'payment_intent',
  'payment_intent.payment_failed': 'payment_intent',
  'payment_intent.processing': 'payment_intent',
  'payment_intent.requires_action': 'payment_intent',
  'payment_intent.succeeded': 'payment_intent',
  'refund.created': 'refund',
};
