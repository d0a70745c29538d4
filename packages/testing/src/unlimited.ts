/** How many orders of an account are unsettled at a time depends on how fast the machine is: no limit. */
export const noUnsettledLimits = { UNSETTLED_ORDERS_PER_ACCOUNT: '0', UNSETTLED_UNITS_PER_ACCOUNT: '0' } as const;

/**
 * Settings of a shop in which a few accounts at one address do what many shoppers would: no limits of rates, sign-ups and unsettled
 * orders. The tests of these limits set them.
 */
export const unlimitedSettings = {
  RATE_LIMIT_ADDRESS: 'off',
  RATE_LIMIT_IDENTITY: 'off',
  RATE_LIMIT_SIGN_IN: 'off',
  RATE_LIMIT_EXPORT: 'off',
  SIGN_UPS_PER_ADDRESS: '0',
  MAILS_PER_RECIPIENT: '0',
  MAILS_PER_ADDRESS: '0',
  ...noUnsettledLimits,
} as const;
