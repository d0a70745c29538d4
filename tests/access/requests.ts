import { randomUUID } from 'node:crypto';
import type { Message } from '@tradepost/testing/shopper';
import type { Asker } from './people.ts';
import { type AccessFixtures, type OrderKind, shippingAddress } from './subjects.ts';

/**
 * What a request is about: an order by whose lines it has, something of Alice's (`goods`, `archived`) or of the customer's (`cart`,
 * `address`, `key`, `session`), an account (`account`: the stranger's; `banned`), or nothing in particular.
 */
export type Subject =
  | OrderKind
  | 'goods'
  | 'archived'
  | 'cart'
  | 'address'
  | 'key'
  | 'session'
  | 'account'
  | 'banned'
  | 'nothing';

const isOrder = (subject: Subject): subject is OrderKind =>
  subject === 'mixed' || subject === 'alices' || subject === 'bobs';

/** The values of the path's parameters for a subject, by the parameter's name. */
export function parametersFor(
  fixtures: AccessFixtures,
  subject: Subject,
  fresh: string | undefined,
): Record<string, string> {
  const { people, goods, archived, orders, cart, address } = fixtures;
  const unknown = randomUUID();
  if (isOrder(subject)) {
    return { id: fresh ?? orders[subject], orderId: orders[subject], number: fixtures.invoices[subject] };
  }
  const { productId, sku } = subject === 'archived' ? archived : goods.alice;
  const ids: Record<Exclude<Subject, OrderKind>, string> = {
    goods: productId,
    archived: productId,
    cart: fresh ?? cart,
    address,
    key: people.customer.apiKeyId,
    session: people.customer.sessionId,
    account: people.stranger.id,
    banned: people.banned.id,
    nothing: unknown,
  };
  return { id: ids[subject], idOrSlug: ids[subject], sku, eventId: unknown, orderId: unknown, ...payments };
}

/** Of payments: nobody knows a challenge. */
const payments = { provider: 'sandbox', challenge: randomUUID() };

const key = () => ({ 'idempotency-key': randomUUID() });
const payment = { provider: 'sandbox', token: 'ok' };

const paymentMessages: Record<string, () => Message> = {
  payOrder: () => ({ body: payment }),
  receivePaymentEvents: () => ({ body: {} }),
  answerSandboxChallenge: () => ({ body: { approve: true } }),
};

/** Nobody has the token of a link, and nobody here the password. */
const mailMessages: Record<string, () => Message> = {
  resendMail: () => ({ headers: key() }),
  replaceMailSettings: () => ({ body: { new_order: true, low_stock: true } }),
  requestPasswordReset: () => ({ body: { email: `${randomUUID()}@example.com` } }),
  resetPassword: () => ({ body: { token: 'a-token-that-never-was', newPassword: 'correct horse battery 2' } }),
  verifyEmail: () => ({ body: { token: 'a-token-that-never-was' } }),
  confirmNewEmail: () => ({ body: { token: 'a-token-that-never-was' } }),
  eraseOwnAccount: () => ({ body: { currentPassword: 'not the password' } }),
  changeEmail: () => ({ body: { newEmail: `${randomUUID()}@example.com`, currentPassword: 'not the password' } }),
};

const wrongPassword = { currentPassword: 'not the password' };
const credential = { id: 'nobodys', rawId: 'nobodys', type: 'public-key', clientExtensionResults: {} };

const providerAnswer = { provider: 'company', state: 's'.repeat(43), code: 'nobodys' };

/** Nobody has begun to sign in, or to add a passkey. */
const factorMessages: Record<string, () => Message> = {
  beginSecondFactor: () => ({ body: wrongPassword }),
  confirmSecondFactor: () => ({ body: { code: '000000' } }),
  disableSecondFactor: () => ({ body: { ...wrongPassword, code: '000000' } }),
  renewRecoveryCodes: () => ({ body: { ...wrongPassword, code: '000000' } }),
  finishSignIn: () => ({ body: { challenge: 'c'.repeat(43), code: '000000' } }),
  beginProviderSignIn: () => ({ body: { provider: 'company' } }),
  finishProviderSignIn: () => ({ body: providerAnswer }),
  beginConnectingProvider: () => ({ body: { ...wrongPassword, provider: 'company' } }),
  finishConnectingProvider: () => ({ body: providerAnswer }),
  beginPasskey: () => ({ body: wrongPassword }),
  addPasskey: () => {
    const response = { clientDataJSON: 'e30', attestationObject: 'e30' };
    return { body: { name: 'Key', response: { ...credential, response } } };
  },
  renamePasskey: () => ({ body: { name: 'Key' } }),
  signInWithPasskey: () => {
    const response = { clientDataJSON: 'e30', authenticatorData: 'e30', signature: 'e30' };
    return { body: { response: { ...credential, response } } };
  },
};

const accountMessages = {
  ...{ ...mailMessages, ...factorMessages },
  createApiKey: () => ({ body: { name: 'Another' } }),
};

const staffMessages: Record<string, () => Message> = {
  assignRole: () => ({ body: { role: 'customer' } }),
  eraseGuestByAddress: () => ({ body: { email: `${randomUUID()}@example.com` } }),
  invite: () => ({ body: { email: `${randomUUID()}@example.com`, role: 'staff', staffRole: 'packer' } }),
  lookUpInvitation: () => ({ body: { token: 'a-token-that-never-was' } }),
  acceptInvitation: () => ({ body: { token: 'a-token-that-never-was' } }),
  saveStaffRole: () => ({ body: { name: `Role-${randomUUID()}`, permissions: ['orders:read'] } }),
};

const catalogueMessages: Record<string, () => Message> = {
  replaceCategoryNavigation: () => ({ body: { slugs: [] }, headers: { 'if-match': '"0"' } }),
  saveSynonyms: () => ({ body: { terms: ['sofa', 'couch'] } }),
};

/** The body and headers of an operation, where it needs any. */
export function messageFor(fixtures: AccessFixtures, operation: string, { who }: Asker): Message {
  const { goods, people } = fixtures;
  const messages: Record<string, () => Message> = {
    // Of goods that nothing is secret about: whoever places an order is answered all of it.
    placeOrder: () => {
      const lines = [{ sku: goods.sven.sku, quantity: 1 }];
      return { body: { lines, shippingAddress, payment }, headers: key() };
    },
    quote: () => ({ body: { lines: [{ sku: goods.sven.sku, quantity: 1 }] } }),
    quoteCart: () => ({ body: {} }),
    claimOrder: () => ({ body: { orderId: randomUUID(), token: 'guessed' } }),
    ...paymentMessages,
    checkOut: () => ({ body: { shippingAddress, payment }, headers: key() }),
    mergeCarts: () => ({ body: { from: fixtures.guestCart } }),
    setCartLine: () => ({ body: { quantity: 3 } }),
    fulfilOrder: () => ({ body: {}, headers: key() }),
    refundOrder: () => ({ body: { reason: `Refund-by-${who}` }, headers: key() }),
    returnGoods: () => ({ body: { reason: `Return-by-${who}` }, headers: key() }),
    saveAddress: () => ({ body: { address: { ...shippingAddress, name: 'Somebody', line1: 'Row 1' } } }),
    createProduct: () => {
      const variants = [{ sku: `new-${randomUUID().slice(0, 8)}`, price: { amount: 5, currency: 'EUR' } }];
      return { body: { title: 'New', description: 'New', variants }, headers: key() };
    },
    updateProduct: () => ({ body: { description: `By ${who}` }, headers: { 'if-match': '*' } }),
    archiveProduct: () => ({ headers: { 'if-match': '"0"' } }),
    importProducts: () => ({ body: '', headers: { 'content-type': 'application/x-ndjson' } }),
    ...catalogueMessages,
    replacePricingSettings: () => ({
      body: { taxIncluded: true, taxRounding: 'line', shippingTaxClass: 'standard' },
      headers: { 'if-match': '*' },
    }),
    replaceShopSettings: () => ({ body: {}, headers: { 'if-match': '*' } }),
    saveTaxRate: () => ({ body: { name: 'VAT', country: 'DE', taxClass: 'standard', ratePercent: 19 } }),
    saveShippingZone: () => ({ body: { name: 'Near', countries: ['DE'] } }),
    saveShippingMethod: () => {
      const tiers = [{ upTo: null, price: 490 }];
      const method = { zoneId: randomUUID(), name: 'Post', deliveryTime: '2 days', position: 1, currency: 'EUR' };
      return { body: { ...method, basis: 'weight', tiers, active: true } };
    },
    savePromotion: () => ({ body: { name: 'Spring', code: randomUUID(), benefit: { type: 'free_shipping' } } }),
    adjustStock: () => ({ body: { delta: 1, reason: 'Counted' }, headers: key() }),
    // An address for each, since guesses are counted by address.
    signIn: () => ({ body: { email: `${randomUUID()}@example.com`, password: 'not the password' } }),
    signUp: () => ({ body: { name: 'New', email: people.customer.email, password: 'correct horse battery' } }),
    changePassword: () => ({ body: { currentPassword: 'not the password', newPassword: 'correct horse battery 2' } }),
    ...accountMessages,
    updateUser: () => ({ body: { name: `Name-of-${who}` } }),
    ...staffMessages,
    banAccount: () => ({ body: { reason: 'Ban-reason' } }),
  };
  return messages[operation]?.() ?? {};
}

/** The query of an operation, where it needs one. */
export function queryFor(fixtures: AccessFixtures, operation: string, { who }: Asker): string {
  const id = `id=${fixtures.orders.mixed}`;
  const queries: Record<string, string> = {
    listOrders: who === 'customer' || who === 'stranger' ? '' : '?view=purchases',
    suggestProducts: '?q=lamp',
    listOrderMessageStates: `?${id}`,
    listProductMessageStates: `?${id}`,
    listAuthMessageStates: `?${id}`,
    listNotificationMessageStates: `?${id}`,
  };
  return queries[operation] ?? '';
}
