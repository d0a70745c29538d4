import type { Name } from './people.ts';
import type { Subject } from './requests.ts';

/** Who may do an operation to a subject. Whatever an answer holds is compared with `secrets.ts` besides. */
export type Row = {
  operation: string;
  subject: Subject;
  may: readonly (Name | 'anonymous')[];
  /** What others with an account are answered. */
  refused: number;
  /** Those of them who see the subject, and so are answered 403. */
  forbidden: readonly Name[];
  /** What somebody without an account is answered; and a banned one, whose session and keys are worth nothing. */
  anonymous: number;
  banned: number;
  /** What an API key is answered, where only a session will do. */
  keys: number | undefined;
  /** Answers beside 2xx that show that somebody may. */
  alsoOk: readonly number[];
  /** The subject is made anew for each who may, since the operation uses it up. */
  fresh: 'paid' | 'sent' | undefined;
};

type Options = Partial<Omit<Row, 'operation' | 'subject' | 'may' | 'refused' | 'forbidden'>> & { forbidden?: string };

const signedIn = 'customer stranger alice bob sven admin';
const sellers = 'alice bob sven admin';
const everybody = `anonymous banned ${signedIn}`;

function row(operation: string, subject: Subject, may: string, refused = 403, options: Options = {}): Row {
  // as: the names are checked by the test.
  const list = (text: string) => text.split(' ').filter(Boolean) as (Name | 'anonymous')[];
  const { forbidden = '', ...rest } = options;
  return {
    ...{ operation, subject, may: list(may), refused, forbidden: list(forbidden) as Name[] },
    ...{ anonymous: 401, banned: 401, keys: undefined, alsoOk: [], fresh: undefined },
    ...rest,
  };
}

/** Of accounts and sessions: an API key is no session. */
const session = { keys: 401 };
/** For everybody; a token that is sent along has to be a good one. */
const open = { anonymous: 200, banned: 401 };
/** For everybody; nobody looks at a token. */
const unasked = { anonymous: 200, banned: 200 };

// One line for each operation and subject: who may, and what others are answered.
export const table: readonly Row[] = [
  // Orders. The mixed one has a line of Alice's and one of Bob's.
  row('getOrder', 'mixed', 'customer alice bob admin', 404),
  row('getOrder', 'alices', 'customer alice admin', 404),
  row('getOrder', 'bobs', 'customer bob admin', 404),
  row('getOrderEvents', 'mixed', 'customer alice bob admin', 404),
  row('getOrderEvents', 'alices', 'customer alice admin', 404),
  row('getOrderEvents', 'bobs', 'customer bob admin', 404),
  row('listFulfilments', 'mixed', 'customer alice bob admin', 404),
  row('listFulfilments', 'alices', 'customer alice admin', 404),
  row('listFulfilments', 'bobs', 'customer bob admin', 404),
  row('listRefunds', 'mixed', 'customer alice bob admin', 404),
  row('listRefunds', 'alices', 'customer alice admin', 404),
  row('listRefunds', 'bobs', 'customer bob admin', 404),
  // Sellers do not see who is billed.
  row('listOrderInvoices', 'mixed', 'customer admin', 404, { forbidden: 'alice bob' }),
  row('listOrderInvoices', 'bobs', 'customer admin', 404, { forbidden: 'bob' }),
  row('getOrderInvoice', 'mixed', 'customer admin', 404, { forbidden: 'alice bob' }),
  row('getOrderInvoice', 'bobs', 'customer admin', 404, { forbidden: 'bob' }),
  row('listOrders', 'nothing', signedIn),
  row('placeOrder', 'nothing', signedIn),
  // Without an account, or with one that has another address, nothing opens an order but its token; services/order/test/guests has these.
  row('claimOrder', 'nothing', '', 404),
  row('cancelOrder', 'mixed', 'customer admin', 404, { forbidden: 'alice bob', fresh: 'paid' }),
  row('cancelOrder', 'bobs', 'customer admin', 404, { forbidden: 'bob', fresh: 'paid' }),
  // Paid already: whoever may is answered the order as it is.
  row('payOrder', 'mixed', 'customer admin', 404, { forbidden: 'alice bob' }),
  row('checkPayment', 'mixed', 'customer admin', 404, { forbidden: 'alice bob' }),
  row('captureOrder', 'mixed', 'admin', 404, { forbidden: 'customer alice bob' }),
  row('getOrderLedger', 'mixed', 'admin'),
  // The signature is what counts; nobody has one here.
  row('receivePaymentEvents', 'nothing', everybody, 0, { banned: 400, anonymous: 400, alsoOk: [400] }),
  row('getSandboxChallenge', 'nothing', everybody, 0, { banned: 404, anonymous: 404, alsoOk: [404] }),
  row('answerSandboxChallenge', 'nothing', everybody, 0, { banned: 404, anonymous: 404, alsoOk: [404] }),
  row('fulfilOrder', 'mixed', 'alice bob admin', 404, { forbidden: 'customer', fresh: 'paid' }),
  row('fulfilOrder', 'bobs', 'bob admin', 404, { forbidden: 'customer', fresh: 'paid' }),
  row('refundOrder', 'mixed', 'alice bob admin', 404, { forbidden: 'customer', fresh: 'paid' }),
  row('refundOrder', 'bobs', 'bob admin', 404, { forbidden: 'customer', fresh: 'paid' }),
  row('deliverOrder', 'mixed', 'admin', 404, { forbidden: 'customer alice bob', fresh: 'sent' }),
  row('deliverOrder', 'bobs', 'bob admin', 404, { forbidden: 'customer', fresh: 'sent' }),

  // Carts: whoever knows the id of a guest's may use it; this one is the customer's.
  row('createCart', 'nothing', `anonymous ${signedIn}`),
  row('getCart', 'cart', 'customer admin', 404, { anonymous: 404 }),
  row('listCarts', 'nothing', signedIn),
  row('mergeCarts', 'cart', 'customer', 404, { forbidden: 'admin' }),
  row('setCartLine', 'cart', 'customer admin', 404, { anonymous: 404 }),
  row('quoteCart', 'cart', 'customer admin', 404, { anonymous: 404 }),
  row('quote', 'nothing', everybody, 0, open),
  row('getShop', 'nothing', everybody, 0, open),
  // An operator may too; by then the customer has done it.
  row('checkOut', 'cart', 'customer admin', 404, { alsoOk: [409] }),
  row('listAddresses', 'nothing', signedIn),
  row('saveAddress', 'address', 'customer', 404),
  row('forgetAddress', 'address', signedIn, 404),

  // Catalogue. The goods are Alice's.
  row('listProducts', 'nothing', everybody, 0, open),
  row('listCategories', 'nothing', everybody, 0, unasked),
  row('getCategoryNavigation', 'nothing', 'admin'),
  row('replaceCategoryNavigation', 'nothing', 'admin', 403, { alsoOk: [400, 412, 428] }),
  row('getProduct', 'goods', everybody, 0, open),
  row('getProduct', 'archived', 'alice admin', 404, { anonymous: 404 }),
  row('createProduct', 'nothing', sellers),
  row('updateProduct', 'goods', 'alice admin'),
  row('updateProduct', 'archived', 'alice admin', 404, { alsoOk: [409], forbidden: 'customer stranger' }),
  row('archiveProduct', 'goods', 'alice admin', 403, { alsoOk: [412] }),
  row('featureProduct', 'goods', 'admin'),
  row('unfeatureProduct', 'goods', 'admin'),
  row('importProducts', 'nothing', sellers, 403, { alsoOk: [400, 422] }),
  row('getStock', 'goods', everybody, 0, unasked),
  row('listScarceStock', 'nothing', sellers),
  row('adjustStock', 'goods', 'alice admin'),
  row('listAdjustments', 'goods', 'alice admin'),
  row('listStockHistory', 'goods', 'alice admin'),
  row('listStockHolds', 'goods', 'alice admin'),

  // Accounts.
  row('signIn', 'nothing', '', 401),
  row('signUp', 'nothing', '', 409, { anonymous: 409, banned: 409 }),
  row('getSession', 'nothing', signedIn, 401, session),
  row('getAccessToken', 'nothing', signedIn),
  row('getKeySet', 'nothing', everybody, 0, unasked),
  row('listSessions', 'nothing', signedIn, 401, session),
  row('revokeOtherSessions', 'nothing', signedIn, 401, session),
  row('changePassword', 'nothing', signedIn, 401, { ...session, alsoOk: [401, 422] }),
  // Whether there is an account is not told; and nobody here has the token of a link.
  row('requestPasswordReset', 'nothing', everybody, 0, { anonymous: 202, banned: 202 }),
  row('resetPassword', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  row('verifyEmail', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  row('confirmNewEmail', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  row('sendVerificationEmail', 'nothing', signedIn, 401, session),
  row('changeEmail', 'nothing', signedIn, 401, { ...session, alsoOk: [401] }),
  row('updateUser', 'nothing', signedIn, 401, session),
  row('listApiKeys', 'nothing', signedIn, 401, session),
  row('createApiKey', 'nothing', signedIn, 401, session),
  row('listAccounts', 'nothing', 'admin', 403, session),
  row('getAccount', 'account', 'admin', 403, session),
  row('assignRole', 'account', 'admin', 403, session),
  // Somebody who is banned already, and nobody: the others are needed as they are.
  row('banAccount', 'banned', 'admin', 403, session),
  row('unbanAccount', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  row('revokeAccountSessions', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),

  // For operators.
  row('listAuditEntries', 'nothing', 'admin'),
  row('getTraffic', 'nothing', 'admin'),
  row('getOrderStatistics', 'nothing', 'admin'),
  row('getOrderFlow', 'mixed', 'admin'),
  row('listInvoices', 'nothing', 'admin'),
  row('getReconciliation', 'nothing', 'admin'),
  row('resolvePaymentDifference', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('getReservation', 'mixed', 'admin'),
  row('getPricingSettings', 'nothing', 'admin'),
  row('replacePricingSettings', 'nothing', 'admin'),
  row('getShopSettings', 'nothing', 'admin'),
  row('replaceShopSettings', 'nothing', 'admin'),
  row('listTaxRates', 'nothing', 'admin'),
  row('saveTaxRate', 'nothing', 'admin'),
  row('deleteTaxRate', 'nothing', 'admin'),
  row('listShippingZones', 'nothing', 'admin'),
  row('saveShippingZone', 'nothing', 'admin'),
  row('deleteShippingZone', 'nothing', 'admin'),
  row('listShippingMethods', 'nothing', 'admin'),
  row('saveShippingMethod', 'nothing', 'admin', 403, { alsoOk: [422] }),
  row('deleteShippingMethod', 'nothing', 'admin'),
  row('listPromotions', 'nothing', 'admin'),
  row('getPromotion', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('savePromotion', 'nothing', 'admin'),
  row('deletePromotion', 'nothing', 'admin'),
  row('getOrderMessaging', 'nothing', 'admin'),
  row('listOrderMessageStates', 'nothing', 'admin'),
  row('listOrderDeadLetters', 'nothing', 'admin'),
  row('getOrderDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('discardOrderDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('replayOrderDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('getProductMessaging', 'nothing', 'admin'),
  row('listProductMessageStates', 'nothing', 'admin'),
  row('listProductDeadLetters', 'nothing', 'admin'),
  row('getProductDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('discardProductDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('replayProductDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('listMails', 'nothing', 'admin'),
  row('getMail', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('resendMail', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('previewMails', 'nothing', 'admin'),
  row('listSuppressions', 'nothing', 'admin'),
  row('deleteSuppression', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('getNotificationMessaging', 'nothing', 'admin'),
  row('listNotificationMessageStates', 'nothing', 'admin'),
  row('listNotificationDeadLetters', 'nothing', 'admin'),
  row('getNotificationDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('discardNotificationDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('replayNotificationDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('getAuthMessaging', 'nothing', 'admin', 403, session),
  row('listAuthMessageStates', 'nothing', 'admin', 403, session),

  // Last, since they end what the lines above need. To end a session that has ended is no error.
  row('revokeApiKey', 'key', 'customer', 404, session),
  row('revokeSession', 'session', 'customer', 404, session),
  row('signOut', 'nothing', 'stranger alice bob sven admin', 200, { ...session, banned: 200 }),
];
