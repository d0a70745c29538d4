import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from './client.ts';

export type Language = NonNullable<ResponseOf<'getSession'>['locale']>;

/** The languages of mails and invoices, each by its own name. */
export const languages: Record<Language, string> = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' };

export const isLanguage = (value: string): value is Language => value in languages;

/** The language of the mails to the account; null is that of the shop. */
export const languageQuery = queryOptions({
  queryKey: ['mail-language'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/auth/get-session', { signal }))).locale,
  meta: { part: 'accounts' },
});

export async function setLanguage(locale: Language): Promise<void> {
  await unwrap(api.POST('/api/v1/auth/update-user', { body: { locale } }));
}

export type MailSettings = ResponseOf<'getMailSettings'>;

/** Which mails the account gets that it can do without. */
export const mailSettingsQuery = queryOptions({
  queryKey: ['mail-settings'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/mail/settings', { signal })),
});

export const replaceMailSettings = (body: MailSettings): Promise<MailSettings> =>
  unwrap(api.PUT('/api/v1/mail/settings', { body }));

/** Ends mails by the token of the link in one of them, and returns their kind. */
export async function unsubscribe(token: string): Promise<keyof MailSettings> {
  return (await unwrap(api.POST('/api/v1/mail/unsubscribe', { params: { query: { token } } }))).kind;
}
