import { type ReceivedMail, startSmtpServer, type TestSmtpServer } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accountCreated,
  confirmed,
  contactChanged,
  delivered,
  encryptedGuest,
  mailRequested,
  newAddress,
  newOrder,
  openShop,
  type Shop,
} from './shop.ts';

let smtp: TestSmtpServer;
let shop: Shop;
beforeAll(async () => {
  smtp = await startSmtpServer();
  shop = await openShop({ SMTP_URL: smtp.url });
});
afterAll(async () => {
  await shop?.stop();
  await smtp?.close();
});

const receivedBy = (address: string): ReceivedMail[] => smtp.received.filter(({ to }) => to === address);
const untilReceived = (address: string, count = 1) =>
  until(() => receivedBy(address).length >= count && receivedBy(address), { what: `${count} mails to ${address}` });

describe('the language of a mail', () => {
  const subjectFor = async (address: string) => (await untilReceived(address)).at(-1)?.email.subject;
  const confirmedIn = {
    en: 'Your order T-100234 is confirmed – Test shop',
    de: 'Ihre Bestellung T-100234 ist bestätigt – Test shop',
    fr: 'Votre commande T-100234 est confirmée – Test shop',
    es: 'Su pedido T-100234 está confirmado – Test shop',
  };

  it('is that of the account, also where the order was placed in another one', async () => {
    const order = newOrder({ locale: 'es' });
    const [customer, seller] = [newAddress(), newAddress()];
    await shop.publish(
      accountCreated(order.customerId, customer, 'Ada', 'de'),
      accountCreated(order.sellerId, seller, 'Bob', 'fr'),
      confirmed(order),
    );
    expect(await subjectFor(customer)).toBe(confirmedIn.de);
    expect(await subjectFor(seller)).toBe('Nouvelle commande T-100234 – Test shop');
    const [mail] = receivedBy(customer);
    expect(mail?.email.text).toMatch(/44,88\s€/);
  });

  it('is that of the order for a guest, and for an account that has none; else that of the shop', async () => {
    const [guest, account, other] = [newAddress(), newAddress(), newAddress()];
    const contact = await encryptedGuest({ email: guest, name: 'Grace', token: 'x' });
    const [ofGuest, ofAccount, unknown] = [
      newOrder({ guest: contact, locale: 'fr' }),
      newOrder({ locale: 'es' }),
      newOrder({ locale: 'tlh' }),
    ];
    await shop.publish(
      accountCreated(ofAccount.customerId, account),
      accountCreated(unknown.customerId, other, 'Worf', 'tlh'),
      ...[ofGuest, ofAccount, unknown].map(confirmed),
    );
    expect(await subjectFor(guest)).toBe(confirmedIn.fr);
    expect(await subjectFor(account)).toBe(confirmedIn.es);
    expect(await subjectFor(other)).toBe(confirmedIn.en);
  });

  it('comes with the address for a mail that waited, and stays when a version of auth that knows none tells of the account', async () => {
    const order = newOrder();
    const customer = newAddress();
    await shop.publish(confirmed(order));
    await shop.untilMail(`order:${order.orderId}:confirmed`, 'waiting_for_address');
    await shop.publish(contactChanged(order.customerId, customer, 1, 'de'));
    expect(await subjectFor(customer)).toBe(confirmedIn.de);
    await shop.publish(contactChanged(order.customerId, customer, 2));
    await shop.publish(delivered(order));
    await untilReceived(customer, 2);
    expect(await subjectFor(customer)).toBe('Ihre Bestellung T-100234 wurde zugestellt – Test shop');
  });

  it('is that of the request for a mail about an account that is not known yet', async () => {
    const to = newAddress();
    await shop.publish(await mailRequested('password_changed', { to, locale: 'es' }));
    expect(await subjectFor(to)).toBe('La contraseña de su cuenta en Test shop ha cambiado – Test shop');
  });
});
