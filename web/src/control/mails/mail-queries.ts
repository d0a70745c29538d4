import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type QueryOf, type ResponseOf, unwrap } from '../../api/client.ts';

export type Mail = ResponseOf<'listMails'>['items'][number];
export type MailStatus = Mail['status'];
export type MailFilter = Pick<QueryOf<'listMails'>, 'to' | 'orderId' | 'status'>;

/** What each status means to an operator, and how it is shown. */
export const mailStatusWords: Record<MailStatus, { text: string; tone: 'good' | 'bad' | 'warn' | 'info' }> = {
  due: { text: 'to be sent', tone: 'info' },
  sending: { text: 'being sent', tone: 'info' },
  sent: { text: 'sent', tone: 'good' },
  kept: { text: 'kept: no mail server', tone: 'info' },
  waiting_for_address: { text: 'waits for an address', tone: 'warn' },
  withdrawn: { text: 'not needed any more', tone: 'info' },
  expired: { text: 'link expired', tone: 'warn' },
  suppressed: { text: 'address suppressed', tone: 'warn' },
  bounced: { text: 'bounced', tone: 'bad' },
  failed: { text: 'failed', tone: 'bad' },
};

/** The mails that are not sent again as they are: they still will be, or would lead nowhere. */
export const isResendable = ({ status }: Mail): boolean =>
  !['due', 'sending', 'waiting_for_address', 'expired'].includes(status);

export const mailsQuery = (filter: MailFilter) =>
  infiniteQueryOptions({
    queryKey: ['control', 'mails', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/admin/notification/mails', {
          params: { query: { ...filter, limit: 24, ...(pageParam !== undefined && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    retry: false,
  });

export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: ['control', 'mail', id],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/admin/notification/mails/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
    retry: false,
  });

/** Sends a mail again. Two requests with one key send it once. */
export const resendMail = (id: string, key: string) =>
  unwrap(
    api.POST('/api/v1/admin/notification/mails/{id}/resend', {
      params: { path: { id }, header: { 'Idempotency-Key': key } },
    }),
  );
