import { gatewaySettingsForSlowMachines, settingsForSlowMachines } from '@tradepost/testing/time-limits';

/**
 * Tests sign up many shoppers from one address, and send more than one shopper would. One of them may have any number of
 * unsettled orders: how many there are at a time depends on how fast the machine is.
 */
export const shopSettings = {
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  SHUTDOWN_DELAY_MS: '500',
  AUTH_SECRET: 'end-to-end-tests-only-0123456789abcdef',
  RATE_LIMIT_ADDRESS: 'off',
  RATE_LIMIT_IDENTITY: 'off',
  RATE_LIMIT_SIGN_IN: 'off',
  SIGN_UPS_PER_ADDRESS: '0',
  UNSETTLED_ORDERS_PER_ACCOUNT: '0',
  UNSETTLED_UNITS_PER_ACCOUNT: '0',
  ...settingsForSlowMachines,
  ...gatewaySettingsForSlowMachines,
};
