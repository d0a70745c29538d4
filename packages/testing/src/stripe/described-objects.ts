/**
 * What Stripe's published API description says of the objects that the stand-in answers: names, types and values only, in a form of our
 * own. A key is a type, and its value the fields that have it. `!` before a type: the description requires the field. `?`: it may be
 * null. Types:
 *
 * - `string`, `integer`, `number`, `boolean`; `currency` is three small letters, `metadata` an object of texts, `object` any object
 * - `=a|b`: one of these texts; `[x]`: a list of `x`
 * - `id:charge`: the id of a charge, or the charge itself where `expand` asked for it
 * - any other word: an object by its name in the description. One without facts here is one that the stand-in never fills.
 *
 * Of payment methods and next actions, which have some fifty kinds each, only those are here that a card has.
 */
export const source = {
  repository: 'https://github.com/stripe/openapi',
  file: 'latest/openapi.spec3.json',
  commit: '18fa2cc768024b47789dc6fa243acd48478acac2',
  /** Its `info.version`. A version of the same name, such as `endive`, only adds to it. */
  version: '2026-09-30.endive',
} as const;

/** Fields of an object or of a request by their type. */
export type Facts = Readonly<Record<string, string>>;

const paymentIntents: Record<string, Facts> = {
  payment_intent: {
    '! string': 'id',
    '! =payment_intent': 'object',
    '! integer': 'created',
    '! boolean': 'livemode',
    '! =canceled|processing|requires_action|requires_capture|requires_confirmation|requires_payment_method|succeeded':
      'status',
    integer: 'amount amount_capturable amount_received',
    '? integer': 'application_fee_amount canceled_at',
    currency: 'currency',
    metadata: 'metadata',
    '? string':
      'client_secret customer_account description receipt_email statement_descriptor statement_descriptor_suffix transfer_group',
    '[string]': 'payment_method_types',
    '? [payment_method_type]': 'allowed_payment_method_types excluded_payment_method_types',
    '? =abandoned|automatic|duplicate|expired|failed_invoice|fraudulent|requested_by_customer|void_invoice':
      'cancellation_reason',
    '=automatic|automatic_async|manual': 'capture_method',
    '=automatic|manual': 'confirmation_method',
    '? =off_session|on_session': 'setup_future_usage',
    '? id:account': 'on_behalf_of',
    '? id:application': 'application',
    '? id:charge': 'latest_charge',
    '? id:customer': 'customer',
    '? id:payment_method': 'payment_method',
    '? id:payment_record': 'payment_record',
    '? id:review': 'review',
    payment_flows_amount_details: 'amount_details',
    payment_flows_payment_details: 'payment_details',
    payment_flows_payment_intent_async_workflows: 'hooks',
    payment_flows_payment_intent_presentment_details: 'presentment_details',
    '? payment_flows_automatic_payment_methods_payment_intent': 'automatic_payment_methods',
    '? api_errors': 'last_payment_error',
    '? smor_resource_managed_payments': 'managed_payments',
    '? payment_intent_next_action': 'next_action',
    '? payment_method_config_biz_payment_method_configuration_details': 'payment_method_configuration_details',
    '? payment_intent_payment_method_options': 'payment_method_options',
    '? payment_intent_processing': 'processing',
    '? shipping': 'shipping',
    '? transfer_data': 'transfer_data',
  },
  payment_flows_amount_details: {
    integer: 'discount_amount',
    payment_flows_amount_details_resource_error: 'error',
    payment_flows_amount_details_resource_line_items_list: 'line_items',
    payment_flows_amount_details_resource_shipping: 'shipping',
    payment_flows_amount_details_resource_tax: 'tax',
    payment_flows_amount_details_client_resource_tip: 'tip',
  },
  payment_flows_amount_details_client_resource_tip: { integer: 'amount' },
  payment_flows_automatic_payment_methods_payment_intent: {
    '! boolean': 'enabled',
    '=always|never': 'allow_redirects',
  },
  payment_method_config_biz_payment_method_configuration_details: { '! string': 'id', '? string': 'parent' },
  payment_intent_payment_method_options: { payment_intent_payment_method_options_card: 'card' },
  payment_intent_payment_method_options_card: {
    '=manual': 'capture_method',
    '? payment_method_options_card_installments': 'installments',
    '? payment_method_options_card_mandate_options': 'mandate_options',
    '? =amex|cartes_bancaires|diners|discover|eftpos_au|girocard|interac|jcb|link|mastercard|unionpay|unknown|visa':
      'network',
    '=if_available|never':
      'request_extended_authorization request_incremental_authorization request_multicapture request_overcapture',
    '? =any|automatic|challenge': 'request_three_d_secure',
    boolean: 'require_cvc_recollection',
    '=none|off_session|on_session': 'setup_future_usage',
    string: 'statement_descriptor_suffix_kana statement_descriptor_suffix_kanji',
  },
  payment_intent_next_action: {
    '! string': 'type',
    object: 'use_stripe_sdk',
    payment_intent_next_action_redirect_to_url: 'redirect_to_url',
  },
  payment_intent_next_action_redirect_to_url: { '? string': 'return_url url' },
  payment_intent_search_result: {
    '! =search_result': 'object',
    '! string': 'url',
    '! boolean': 'has_more',
    '! [payment_intent]': 'data',
    '? string': 'next_page',
    integer: 'total_count',
  },
};

const charges: Record<string, Facts> = {
  charge: {
    '! string': 'id',
    '! =charge': 'object',
    '! integer': 'amount amount_captured amount_refunded created',
    '! boolean': 'captured disputed livemode paid refunded',
    '! currency': 'currency',
    '! metadata': 'metadata',
    '! =failed|pending|succeeded': 'status',
    '! billing_details': 'billing_details',
    '? integer': 'application_fee_amount',
    '? string':
      'calculated_statement_descriptor description failure_code failure_message payment_method receipt_email receipt_number receipt_url statement_descriptor statement_descriptor_suffix transfer_group',
    '? id:account': 'on_behalf_of',
    '? id:application': 'application',
    '? id:application_fee': 'application_fee',
    '? id:balance_transaction': 'balance_transaction failure_balance_transaction',
    '? id:customer': 'customer',
    '? id:payment_intent': 'payment_intent',
    '? id:review': 'review',
    '? id:transfer': 'source_transfer',
    'id:transfer': 'transfer',
    '? charge_fraud_details': 'fraud_details',
    '? charge_outcome': 'outcome',
    '? payment_method_details': 'payment_method_details',
    payment_flows_payment_intent_presentment_details: 'presentment_details',
    radar_radar_options: 'radar_options',
    '? refund_list': 'refunds',
    '? shipping': 'shipping',
    '? charge_transfer_data': 'transfer_data',
  },
  billing_details: { '? string': 'email name phone tax_id', '? address': 'address' },
  charge_fraud_details: { string: 'stripe_report user_report' },
  charge_outcome: {
    '! string': 'type',
    string: 'risk_level',
    integer: 'risk_score',
    '? string': 'network_advice_code network_decline_code network_status reason seller_message',
    '? =confirm_card_data|do_not_try_again|try_again_later': 'advice_code',
    'id:rule': 'rule',
  },
  payment_method_details: { '! string': 'type', payment_method_details_card: 'card' },
};

const money: Record<string, Facts> = {
  balance_transaction: {
    '! string': 'id reporting_category status',
    '! =balance_transaction': 'object',
    '! integer': 'amount available_on created fee net',
    '! currency': 'currency',
    '! =issuing|payments|refund_and_dispute_prefunding|risk_reserved': 'balance_type',
    '! [fee]': 'fee_details',
    '! =adjustment|advance|advance_funding|anticipation_repayment|application_fee|application_fee_refund|charge|climate_order_purchase|climate_order_refund|connect_collection_transfer|contribution|fee_credit_funding|inbound_transfer|inbound_transfer_reversal|issuing_authorization_hold|issuing_authorization_release|issuing_dispute|issuing_dispute_provisional_credit|issuing_dispute_provisional_credit_reversal|issuing_transaction|obligation_outbound|obligation_reversal_inbound|payment|payment_failure_refund|payment_network_reserve_hold|payment_network_reserve_release|payment_refund|payment_reversal|payment_unreconciled|payout|payout_cancel|payout_failure|payout_minimum_balance_hold|payout_minimum_balance_release|refund|refund_failure|reserve_hold|reserve_release|reserve_transaction|reserved_funds|stripe_balance_payment_debit|stripe_balance_payment_debit_reversal|stripe_fee|stripe_fx_fee|tax_fee|tax_fund|topup|topup_reversal|transfer|transfer_cancel|transfer_failure|transfer_refund':
      'type',
    '? string': 'description',
    '? number': 'exchange_rate',
    '? id:charge': 'source',
  },
  fee: { '! integer': 'amount', '! currency': 'currency', '! string': 'type', '? string': 'application description' },
  refund: {
    '! string': 'id',
    '! =refund': 'object',
    '! integer': 'amount created',
    '! currency': 'currency',
    string: 'description failure_reason instructions_email',
    '? string': 'customer_account receipt_number status',
    '? metadata': 'metadata',
    '=charge_pending|insufficient_funds|processing': 'pending_reason',
    '? =duplicate|expired_uncaptured_charge|fraudulent|requested_by_customer': 'reason',
    '? id:balance_transaction': 'balance_transaction',
    'id:balance_transaction': 'failure_balance_transaction',
    '? id:charge': 'charge',
    '? id:customer': 'customer',
    '? id:payment_intent': 'payment_intent',
    '? id:payment_method': 'payment_method',
    '? id:transfer_reversal': 'source_transfer_reversal transfer_reversal',
    refund_destination_details: 'destination_details',
    refund_next_action: 'next_action',
    payment_flows_payment_intent_presentment_details: 'presentment_details',
  },
  refund_destination_details: { '! string': 'type', refund_destination_details_card: 'card' },
  refund_destination_details_card: {
    '! =pending|refund|reversal': 'type',
    string: 'reference reference_status reference_type',
  },
  refund_list: { '! =list': 'object', '! string': 'url', '! boolean': 'has_more', '! [refund]': 'data' },
};

const disputes: Record<string, Facts> = {
  dispute: {
    '! string': 'id reason',
    '! =dispute': 'object',
    '! integer': 'amount created',
    '! boolean': 'is_charge_refundable livemode',
    '! currency': 'currency',
    '! metadata': 'metadata',
    '! =lost|needs_response|prevented|under_review|warning_closed|warning_needs_response|warning_under_review|won':
      'status',
    '! [=mastercard_compliance|visa_compelling_evidence_3|visa_compliance]': 'enhanced_eligibility_types',
    '! [balance_transaction]': 'balance_transactions',
    '! id:charge': 'charge',
    '? id:payment_intent': 'payment_intent',
    '! dispute_evidence': 'evidence',
    '! dispute_evidence_details': 'evidence_details',
    dispute_payment_method_details: 'payment_method_details',
  },
  dispute_evidence: {
    '! dispute_enhanced_evidence': 'enhanced_evidence',
    '? string':
      'access_activity_log billing_address cancellation_policy_disclosure cancellation_rebuttal customer_email_address customer_name customer_purchase_ip duplicate_charge_explanation duplicate_charge_id product_description refund_policy_disclosure refund_refusal_explanation service_date shipping_address shipping_carrier shipping_date shipping_tracking_number uncategorized_text',
    '? id:file':
      'cancellation_policy customer_communication customer_signature duplicate_charge_documentation receipt refund_policy service_documentation shipping_documentation uncategorized_file',
  },
  dispute_enhanced_evidence: {
    dispute_enhanced_evidence_mastercard_compliance: 'mastercard_compliance',
    dispute_enhanced_evidence_visa_compelling_evidence3: 'visa_compelling_evidence_3',
    dispute_enhanced_evidence_visa_compliance: 'visa_compliance',
  },
  dispute_evidence_details: {
    '! dispute_enhanced_eligibility': 'enhanced_eligibility',
    '! boolean': 'has_evidence past_due',
    '! integer': 'submission_count',
    '? integer': 'due_by',
  },
  dispute_enhanced_eligibility: {
    dispute_enhanced_eligibility_mastercard_compliance: 'mastercard_compliance',
    dispute_enhanced_eligibility_visa_compelling_evidence3: 'visa_compelling_evidence_3',
    dispute_enhanced_eligibility_visa_compliance: 'visa_compliance',
  },
};

const errorsAndEvents: Record<string, Facts> = {
  error: { '! api_errors': 'error' },
  api_errors: {
    '! =api_error|card_error|idempotency_error|invalid_request_error': 'type',
    string:
      'advice_code charge code decline_code doc_url message network_advice_code network_decline_code param payment_method_type request_log_url',
    payment_intent: 'payment_intent',
    payment_method: 'payment_method',
    setup_intent: 'setup_intent',
    source: 'source',
  },
  event: {
    '! string': 'id type',
    '! =event': 'object',
    '! integer': 'created pending_webhooks',
    '! boolean': 'livemode',
    '! notification_event_data': 'data',
    string: 'account context',
    '? string': 'api_version',
    '? notification_event_request': 'request',
  },
  notification_event_data: { '! object': 'object', object: 'previous_attributes' },
  notification_event_request: { '? string': 'id idempotency_key' },
};

export const describedObjects: Readonly<Record<string, Facts>> = {
  ...paymentIntents,
  ...charges,
  ...money,
  ...disputes,
  ...errorsAndEvents,
};

/**
 * Fields that the types of the SDK have and the description has not. `source`: a legacy field, which the public description leaves out.
 * Those of disputes are newer: version 2026-10-28 added them, says the change log of the SDK.
 */
export const objectsOfSdk: Readonly<Record<string, Facts>> = {
  payment_intent: { '? id:source': 'source' },
  charge: { '? source': 'source' },
  dispute: { '? =manual|prefer_manual|prefer_smart_disputes|smart_disputes': 'intended_submission_method' },
  dispute_evidence_details: { '! =manual|not_submitted|smart_disputes': 'submission_method' },
};
