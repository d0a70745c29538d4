import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, type BodyOf, type ResponseOf, unwrap } from '../api/client.ts';
import { explain } from '../api/problem.ts';
import { QueryBoundary } from '../api/query-boundary.tsx';
import type { Account } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { SelectField, TextField } from '../design/field.tsx';
import { Time } from '../design/format.tsx';
import { Badge, Notice } from '../design/notice.tsx';
import { PermissionChoice } from '../design/permission-choice.tsx';
import { toast } from '../design/toast.tsx';
import styles from './account.module.css';

type ApiKey = ResponseOf<'listApiKeys'>['items'][number];
type NewKey = { name: string; readOnly: boolean; expiresAt?: string; permissions?: string[] };

const queryKey = ['api-keys'];
const meta = { part: 'accounts' } as const;

/** The API keys of the account: what each may do, until when, and when it was last used. */
export function ApiKeys({ account }: { account: Account }) {
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/auth/api-keys', { params: { query: { limit: 50 } }, signal })),
    meta,
  });
  return (
    <section className={styles.section}>
      <h2>API keys</h2>
      <p className={styles.soft}>A program uses the shop with a key in your place. A key never may do more than you.</p>
      <QueryBoundary query={query} what="The API keys" height="3rem">
        {({ items }) => (
          <ul className={styles.sessions}>
            {items.map((key) => (
              <KeyItem key={key.id} apiKey={key} />
            ))}
          </ul>
        )}
      </QueryBoundary>
      <CreateKey account={account} />
    </section>
  );
}

function KeyItem({ apiKey }: { apiKey: ApiKey }) {
  const client = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/auth/api-keys/{id}', { params: { path: { id: apiKey.id } } })),
    meta,
    onError: (failure) => toast(explain(failure)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const { name, start, expiresAt, lastUsedAt } = apiKey;
  const isOver = expiresAt !== null && new Date(expiresAt) <= new Date();
  return (
    <li className={styles.session}>
      <span>
        <span className={styles.device} dir="auto">
          {name}
        </span>
        <span className={styles.soft}>
          <code>{start}…</code> · {scopeOf(apiKey)}
        </span>
        <span className={styles.soft}>
          {isOver ? (
            <Badge tone="bad">expired</Badge>
          ) : expiresAt ? (
            <>
              until <Time at={expiresAt} show="day" />
            </>
          ) : (
            'no expiry date'
          )}
          {' · '}
          {lastUsedAt ? (
            <>
              last used <Time at={lastUsedAt} />
            </>
          ) : (
            'not used yet'
          )}
        </span>
      </span>
      <Button
        kind="quiet"
        busy={revoking.isPending}
        aria-label={`Revoke the key ${name}`}
        onClick={() => revoking.mutate()}
      >
        Revoke
      </Button>
    </li>
  );
}

const scopeOf = ({ readOnly, permissions }: ApiKey): string =>
  [readOnly ? 'read only' : 'read and write', ...(permissions ?? [])].join(', ');

/** The key itself, which only the answer to its creation has. */
function CreatedKey({ name, secret }: { name: string; secret: string }) {
  return (
    <Notice tone="good" title={`The key ${name}`}>
      <p>It is shown this once. Copy it now.</p>
      <p className={styles.email}>
        <code>{secret}</code>
      </p>
    </Notice>
  );
}

function KeyFields() {
  return (
    <>
      <TextField label="Name of the key" name="name" required maxLength={100} autoComplete="off" />
      <SelectField label="Access" name="access">
        <option value="write">Read and write</option>
        <option value="read">Read only</option>
      </SelectField>
      <SelectField label="Expires" name="days" defaultValue="90">
        <option value="30">in 30 days</option>
        <option value="90">in 90 days</option>
        <option value="365">in a year</option>
        <option value="0">never</option>
      </SelectField>
    </>
  );
}

function CreateKey({ account }: { account: Account }) {
  const client = useQueryClient();
  const [permissions, setPermissions] = useState<readonly string[]>([]);
  const creating = useMutation({
    mutationFn: (body: NewKey) =>
      // as: the form offers the permissions that the account has.
      unwrap(api.POST('/api/v1/auth/api-keys', { body: body as BodyOf<'createApiKey'> })),
    meta,
    onSuccess: () => {
      setPermissions([]);
      return client.invalidateQueries({ queryKey });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    creating.mutate({
      name: String(form.get('name')).trim(),
      readOnly: form.get('access') === 'read',
      ...(days > 0 && { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() }),
      ...(permissions.length > 0 && { permissions: [...permissions] }),
    });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {creating.error && <Notice tone="bad">{explain(creating.error)}</Notice>}
      {creating.data && <CreatedKey name={creating.data.name} secret={creating.data.key} />}
      <KeyFields />
      {account.permissions.length > 0 && (
        <PermissionChoice
          legend="Permissions of the key"
          hint="Choose none to give it all that you may do."
          offered={account.permissions}
          chosen={permissions}
          onChange={setPermissions}
        />
      )}
      <Button type="submit" busy={creating.isPending}>
        Create an API key
      </Button>
    </form>
  );
}
