import { useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../api/client.ts';
import { explain } from '../api/problem.ts';
import { QueryBoundary } from '../api/query-boundary.tsx';
import { Button } from '../design/button.tsx';
import { Time } from '../design/format.tsx';
import { Badge } from '../design/notice.tsx';
import { toast } from '../design/toast.tsx';
import styles from './account.module.css';

type Session = ResponseOf<'listSessions'>['items'][number];

const queryKey = ['sessions'];

/** Where the account is signed in. Ending a session is shown at once, and taken back if it does not work. */
export function Sessions() {
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/auth/sessions', { params: { query: { limit: 50 } }, signal })),
    meta: { part: 'accounts' },
  });
  const endSession = useEndSession();
  // Hidden by what is under way, not taken out of the list: a fetch that began earlier would show it again.
  const isEnding = useMutationState({
    filters: { mutationKey: queryKey, status: 'pending' },
    select: ({ state }) => state.variables,
  });
  return (
    <section className={styles.section}>
      <h2>Signed in on</h2>
      <QueryBoundary query={query} what="The sessions" height="3rem">
        {({ items }) => (
          <ul className={styles.sessions}>
            {items
              .filter(({ id }) => !isEnding.includes(id))
              .map((session) => (
                <SessionItem key={session.id} session={session} onEnd={() => endSession(session.id)} />
              ))}
          </ul>
        )}
      </QueryBoundary>
    </section>
  );
}

function SessionItem({ session, onEnd }: { session: Session; onEnd: () => void }) {
  return (
    <li className={styles.session}>
      <span>
        <span className={styles.device}>{deviceOf(session.userAgent)}</span>
        <span className={styles.soft}>
          since <Time at={session.createdAt} />
        </span>
      </span>
      {session.current ? (
        <Badge tone="good">This one</Badge>
      ) : (
        <Button kind="quiet" aria-label={`End the session on ${deviceOf(session.userAgent)}`} onClick={onEnd}>
          End it
        </Button>
      )}
    </li>
  );
}

function useEndSession() {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationKey: queryKey,
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } })),
    meta: { part: 'accounts' },
    onError: (failure) => toast(explain(failure)),
    // The session counts as ending until the list without it is there.
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  return mutate;
}

const browsers = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari', 'curl'];
const systems = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS X', 'Linux'];
const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS' };

/** A guess that the reader will recognise; the whole of it would be noise. */
function deviceOf(userAgent: string | null): string {
  const found = [browsers, systems].flatMap((list) => list.find((one) => userAgent?.includes(one)) ?? []);
  return found.map((one) => names[one] ?? one).join(', ') || 'an unknown device';
}
