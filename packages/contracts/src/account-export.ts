/** Where each service tells what it holds of an account, to the account itself and to operators; the gateway does not route it. */
export const ACCOUNT_EXPORT_PATH = '/internal/v1/account-export';

/** What the document is called that holds all parts. Its parts may get more fields; every other change is another version. */
export const ACCOUNT_EXPORT_FORMAT = 'tradepost.account-export.v1';
