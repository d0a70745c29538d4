import { gatewaySettingsForSlowMachines, settingsForSlowMachines } from '@tradepost/testing/time-limits';
import { unlimitedSettings } from '@tradepost/testing/unlimited';

/** Settings of a shop in an end-to-end test. */
export const shopSettings = {
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  SHUTDOWN_DELAY_MS: '500',
  AUTH_SECRET: 'end-to-end-tests-only-0123456789abcdef',
  MAIL_KEY: 'end-to-end-mails-only-0123456789abcdef',
  ...unlimitedSettings,
  ...settingsForSlowMachines,
  ...gatewaySettingsForSlowMachines,
};
