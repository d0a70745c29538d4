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

const staff = 'packer support bookkeeper cataloguer';
const signedIn = `customer stranger alice bob sven ${staff} admin`;
const sellers = 'alice bob sven cataloguer admin';
// Who of the ready-made staff roles, beside the admin, holds a permission.
const readOrders = 'packer support bookkeeper admin';
const writeOrders = 'packer support admin';
const refund = 'support admin';
const payments = 'bookkeeper admin';
const catalogue = 'cataloguer admin';
const readPromotions = 'support bookkeeper cataloguer admin';
const readSettings = 'bookkeeper admin';
const readAccounts = 'support admin';
const mails = 'support admin';
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
  // First: later it tells each what they have asked for themselves, by the paths in the audit trail.
  row('exportOwnAccount', 'nothing', signedIn, 401, session),

  // Orders. The mixed one has a line of Alice's and one of Bob's.
  row('getOrder', 'mixed', `customer alice bob ${readOrders}`, 404),
  row('getOrder', 'alices', `customer alice ${readOrders}`, 404),
  row('getOrder', 'bobs', `customer bob ${readOrders}`, 404),
  row('getOrderEvents', 'mixed', `customer alice bob ${readOrders}`, 404),
  row('getOrderEvents', 'alices', `customer alice ${readOrders}`, 404),
  row('getOrderEvents', 'bobs', `customer bob ${readOrders}`, 404),
  row('listFulfilments', 'mixed', `customer alice bob ${readOrders}`, 404),
  row('listFulfilments', 'alices', `customer alice ${readOrders}`, 404),
  row('listFulfilments', 'bobs', `customer bob ${readOrders}`, 404),
  row('listRefunds', 'mixed', `customer alice bob ${readOrders}`, 404),
  row('listRefunds', 'alices', `customer alice ${readOrders}`, 404),
  row('listRefunds', 'bobs', `customer bob ${readOrders}`, 404),
  row('listReturns', 'mixed', `customer alice bob ${readOrders}`, 404),
  row('listReturns', 'alices', `customer alice ${readOrders}`, 404),
  row('listReturns', 'bobs', `customer bob ${readOrders}`, 404),
  // Sellers do not see who is billed, and neither does who packs.
  row('listOrderInvoices', 'mixed', `customer ${payments}`, 404, { forbidden: 'alice bob packer support' }),
  row('listOrderInvoices', 'bobs', `customer ${payments}`, 404, { forbidden: 'bob packer support' }),
  row('getOrderInvoice', 'mixed', `customer ${payments}`, 404, { forbidden: 'alice bob packer support' }),
  row('getOrderInvoice', 'bobs', `customer ${payments}`, 404, { forbidden: 'bob packer support' }),
  row('listOrders', 'nothing', signedIn),
  row('placeOrder', 'nothing', signedIn),
  // Without an account, or with one that has another address, nothing opens an order but its token; services/order/test/guests has these.
  row('claimOrder', 'nothing', '', 404),
  row('cancelOrder', 'mixed', `customer ${refund}`, 404, { forbidden: 'alice bob packer bookkeeper', fresh: 'paid' }),
  row('cancelOrder', 'bobs', `customer ${refund}`, 404, { forbidden: 'bob packer bookkeeper', fresh: 'paid' }),
  // Paid already: whoever may is answered the order as it is.
  row('payOrder', 'mixed', `customer ${writeOrders}`, 404, { forbidden: 'alice bob bookkeeper' }),
  row('checkPayment', 'mixed', `customer ${writeOrders}`, 404, { forbidden: 'alice bob bookkeeper' }),
  row('captureOrder', 'mixed', payments, 404, { forbidden: 'customer alice bob packer support' }),
  row('getOrderLedger', 'mixed', payments),
  // The signature is what counts; nobody has one here.
  row('receivePaymentEvents', 'nothing', everybody, 0, { banned: 400, anonymous: 400, alsoOk: [400] }),
  row('getSandboxChallenge', 'nothing', everybody, 0, { banned: 404, anonymous: 404, alsoOk: [404] }),
  row('answerSandboxChallenge', 'nothing', everybody, 0, { banned: 404, anonymous: 404, alsoOk: [404] }),
  row('fulfilOrder', 'mixed', `alice bob ${writeOrders}`, 404, { forbidden: 'customer bookkeeper', fresh: 'paid' }),
  row('fulfilOrder', 'bobs', `bob ${writeOrders}`, 404, { forbidden: 'customer bookkeeper', fresh: 'paid' }),
  row('refundOrder', 'mixed', `alice bob ${refund}`, 404, { forbidden: 'customer packer bookkeeper', fresh: 'paid' }),
  row('refundOrder', 'bobs', `bob ${refund}`, 404, { forbidden: 'customer packer bookkeeper', fresh: 'paid' }),
  row('returnGoods', 'mixed', `alice bob ${writeOrders}`, 404, { forbidden: 'customer bookkeeper', fresh: 'sent' }),
  row('returnGoods', 'bobs', `bob ${writeOrders}`, 404, { forbidden: 'customer bookkeeper', fresh: 'sent' }),
  row('deliverOrder', 'mixed', writeOrders, 404, { forbidden: 'customer alice bob bookkeeper', fresh: 'sent' }),
  row('deliverOrder', 'bobs', `bob ${writeOrders}`, 404, { forbidden: 'customer bookkeeper', fresh: 'sent' }),

  // Carts: whoever knows the id of a guest's may use it; this one is the customer's.
  row('createCart', 'nothing', `anonymous ${signedIn}`),
  row('getCart', 'cart', `customer ${readOrders}`, 404, { anonymous: 404 }),
  row('listCarts', 'nothing', signedIn),
  row('mergeCarts', 'cart', 'customer', 404),
  row('setCartLine', 'cart', `customer ${writeOrders}`, 404, { anonymous: 404 }),
  row('quoteCart', 'cart', `customer ${readOrders}`, 404, { anonymous: 404 }),
  row('quote', 'nothing', everybody, 0, open),
  row('getShop', 'nothing', everybody, 0, open),
  // An operator may too; by then the customer has done it.
  row('checkOut', 'cart', `customer ${writeOrders}`, 404, { alsoOk: [409] }),
  row('listAddresses', 'nothing', signedIn),
  row('saveAddress', 'address', 'customer', 404),
  row('forgetAddress', 'address', signedIn, 404),

  // Catalogue. The goods are Alice's.
  row('listProducts', 'nothing', everybody, 0, open),
  row('listCategories', 'nothing', everybody, 0, unasked),
  row('suggestProducts', 'nothing', everybody, 0, unasked),
  row('getCategoryNavigation', 'nothing', catalogue),
  row('replaceCategoryNavigation', 'nothing', catalogue, 403, { alsoOk: [400, 412, 428] }),
  row('listSynonyms', 'nothing', catalogue),
  row('saveSynonyms', 'nothing', catalogue),
  row('deleteSynonyms', 'nothing', catalogue),
  row('getProduct', 'goods', everybody, 0, open),
  row('getProduct', 'archived', `alice ${catalogue}`, 404, { anonymous: 404 }),
  row('createProduct', 'nothing', sellers),
  row('updateProduct', 'goods', `alice ${catalogue}`),
  row('updateProduct', 'archived', `alice ${catalogue}`, 404, {
    alsoOk: [409],
    forbidden: 'customer stranger packer support bookkeeper',
  }),
  row('archiveProduct', 'goods', `alice ${catalogue}`, 403, { alsoOk: [412] }),
  row('featureProduct', 'goods', catalogue),
  row('unfeatureProduct', 'goods', catalogue),
  row('importProducts', 'nothing', sellers, 403, { alsoOk: [400, 422] }),
  row('getStock', 'goods', everybody, 0, unasked),
  row('listScarceStock', 'nothing', sellers),
  row('adjustStock', 'goods', `alice ${catalogue}`),
  row('listAdjustments', 'goods', `alice ${catalogue}`),
  row('listStockHistory', 'goods', `alice ${catalogue}`),
  row('listStockHolds', 'goods', `alice ${catalogue}`),

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
  // Nobody shows the right password here, and nobody has begun: what counts is that it is of their own account.
  row('getSecondFactor', 'nothing', signedIn, 401, session),
  row('beginSecondFactor', 'nothing', signedIn, 401, { ...session, alsoOk: [401] }),
  row('confirmSecondFactor', 'nothing', signedIn, 401, { ...session, alsoOk: [409] }),
  row('disableSecondFactor', 'nothing', signedIn, 401, { ...session, alsoOk: [401] }),
  row('renewRecoveryCodes', 'nothing', signedIn, 401, { ...session, alsoOk: [401] }),
  row('finishSignIn', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  row('beginPasskey', 'nothing', signedIn, 401, { ...session, alsoOk: [401] }),
  row('addPasskey', 'nothing', signedIn, 401, { ...session, alsoOk: [422] }),
  row('listPasskeys', 'nothing', signedIn, 401, session),
  row('renamePasskey', 'nothing', signedIn, 401, { ...session, alsoOk: [404] }),
  row('removePasskey', 'nothing', signedIn, 401, { ...session, alsoOk: [404] }),
  row('beginPasskeySignIn', 'nothing', everybody, 0, unasked),
  row('signInWithPasskey', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  // The shop here has no sign-in provider, and nobody has begun.
  row('listSignInProviders', 'nothing', everybody, 0, unasked),
  row('beginProviderSignIn', 'nothing', everybody, 0, { anonymous: 404, banned: 404, alsoOk: [404] }),
  row('finishProviderSignIn', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  row('listIdentities', 'nothing', signedIn, 401, session),
  row('beginConnectingProvider', 'nothing', signedIn, 401, { ...session, alsoOk: [404] }),
  row('finishConnectingProvider', 'nothing', signedIn, 401, { ...session, alsoOk: [422] }),
  row('disconnectProvider', 'nothing', signedIn, 401, { ...session, alsoOk: [404] }),
  row('listApiKeys', 'nothing', signedIn, 401, session),
  row('createApiKey', 'nothing', signedIn, 401, session),
  row('listAccounts', 'nothing', readAccounts, 403, session),
  row('getAccount', 'account', readAccounts, 403, session),
  row('assignRole', 'account', 'admin', 403, session),
  row('actAsCustomer', 'account', readAccounts, 403, session),
  row('stopActing', 'nothing', everybody, 0, unasked),
  row('listInvitations', 'nothing', 'admin', 403, session),
  row('invite', 'nothing', 'admin', 403, session),
  row('resendInvitation', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  row('withdrawInvitation', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  // Nobody here has the token of a link.
  row('lookUpInvitation', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  row('acceptInvitation', 'nothing', everybody, 0, { anonymous: 422, banned: 422, alsoOk: [422] }),
  row('listStaffRoles', 'nothing', 'admin', 403, session),
  row('saveStaffRole', 'nothing', 'admin', 403, session),
  row('deleteStaffRole', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  // Somebody who is banned already, and nobody: the others are needed as they are.
  row('banAccount', 'banned', 'admin', 403, session),
  row('unbanAccount', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  // With a wrong password: the accounts are needed as they are.
  row('eraseOwnAccount', 'nothing', signedIn, 401, { ...session, alsoOk: [401] }),
  row('eraseAccount', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  // An address that nobody has: no guest of the tests loses anything.
  row('eraseGuestByAddress', 'nothing', 'admin', 403, session),
  row('listErasures', 'nothing', readAccounts, 403, session),
  row('getErasure', 'nothing', readAccounts, 403, { ...session, alsoOk: [404] }),
  row('repeatErasure', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  row('revokeAccountSessions', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  row('removeSecondFactors', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),

  // For operators.
  // Of nobody: an export has what the account itself may read.
  row('exportAccount', 'nothing', 'admin', 403, { alsoOk: [401] }),
  row('listAuditEntries', 'nothing', 'admin'),
  row('getTraffic', 'nothing', 'admin'),
  row('getOrderStatistics', 'nothing', payments),
  row('getOrderFlow', 'mixed', readOrders),
  row('listInvoices', 'nothing', payments),
  row('getReconciliation', 'nothing', payments),
  row('resolvePaymentDifference', 'nothing', payments, 403, { alsoOk: [404] }),
  row('getReservation', 'mixed', readOrders),
  row('getPricingSettings', 'nothing', readSettings),
  row('replacePricingSettings', 'nothing', 'admin'),
  row('getShopSettings', 'nothing', readSettings),
  row('replaceShopSettings', 'nothing', 'admin'),
  row('listTaxRates', 'nothing', readSettings),
  row('saveTaxRate', 'nothing', 'admin'),
  row('deleteTaxRate', 'nothing', 'admin'),
  row('listShippingZones', 'nothing', readSettings),
  row('saveShippingZone', 'nothing', 'admin'),
  row('deleteShippingZone', 'nothing', 'admin'),
  row('listShippingMethods', 'nothing', readSettings),
  row('saveShippingMethod', 'nothing', 'admin', 403, { alsoOk: [422] }),
  row('deleteShippingMethod', 'nothing', 'admin'),
  row('listPromotions', 'nothing', readPromotions),
  row('getPromotion', 'nothing', readPromotions, 403, { alsoOk: [404] }),
  row('savePromotion', 'nothing', catalogue),
  row('deletePromotion', 'nothing', catalogue),
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
  row('getMailSettings', 'nothing', signedIn),
  row('replaceMailSettings', 'nothing', signedIn),
  // Nobody has the token of a mail here.
  row('openUnsubscribePage', 'nothing', everybody, 0, { banned: 400, anonymous: 400, alsoOk: [400] }),
  row('unsubscribe', 'nothing', everybody, 0, { banned: 400, anonymous: 400, alsoOk: [400] }),
  row('listMails', 'nothing', mails),
  row('getMail', 'nothing', mails, 403, { alsoOk: [404] }),
  row('resendMail', 'nothing', mails, 403, { alsoOk: [404] }),
  row('previewMails', 'nothing', mails),
  row('listSuppressions', 'nothing', mails),
  row('deleteSuppression', 'nothing', mails, 403, { alsoOk: [404] }),
  row('getNotificationMessaging', 'nothing', 'admin'),
  row('listNotificationMessageStates', 'nothing', 'admin'),
  row('listNotificationDeadLetters', 'nothing', 'admin'),
  row('getNotificationDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('discardNotificationDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('replayNotificationDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('eraseGuest', 'mixed', 'admin', 403, { alsoOk: [409] }),
  row('listApiGatewayDeadLetters', 'nothing', 'admin'),
  row('getApiGatewayDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('discardApiGatewayDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('replayApiGatewayDeadLetter', 'nothing', 'admin', 403, { alsoOk: [404] }),
  row('listAuthDeadLetters', 'nothing', 'admin', 403, session),
  row('getAuthDeadLetter', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  row('discardAuthDeadLetter', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  row('replayAuthDeadLetter', 'nothing', 'admin', 403, { ...session, alsoOk: [404] }),
  row('getAuthMessaging', 'nothing', 'admin', 403, session),
  row('listAuthMessageStates', 'nothing', 'admin', 403, session),

  // Last, since they end what the lines above need. To end a session that has ended is no error.
  row('revokeApiKey', 'key', 'customer', 404, session),
  row('revokeSession', 'session', 'customer', 404, session),
  row('signOut', 'nothing', `stranger alice bob sven ${staff} admin`, 200, { ...session, banned: 200 }),
];
