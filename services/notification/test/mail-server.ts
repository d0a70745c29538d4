import { type ReceivedMail, startSmtpServer, type TestSmtpServer } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import type { Logger } from 'pino';
import { afterAll } from 'vitest';
import { openShop, type Shop } from './shop.ts';

/** `notification` and the mail server that it sends by, until the tests of the calling file are over. */
export type ShopWithMailServer = {
  shop: Shop;
  smtp: TestSmtpServer;
  receivedBy(address: string): ReceivedMail[];
  /** Waits for as many mails to an address; answers all of them. */
  untilReceived(address: string, count?: number): Promise<ReceivedMail[]>;
};

export async function openShopWithMailServer(
  settings: Record<string, string | number> = {},
  log?: Logger,
): Promise<ShopWithMailServer> {
  const smtp = await startSmtpServer();
  const shop = await openShop({ SMTP_URL: smtp.url, ...settings }, log);
  afterAll(async () => {
    // First, so that nothing that stalls holds up the stop.
    await smtp.close();
    await shop.stop();
  });
  const receivedBy = (address: string) => smtp.received.filter(({ to }) => to === address);
  return {
    ...{ shop, smtp, receivedBy },
    untilReceived: (address, count = 1) =>
      until(() => receivedBy(address).length >= count && receivedBy(address), { what: `${count} mails to ${address}` }),
  };
}
