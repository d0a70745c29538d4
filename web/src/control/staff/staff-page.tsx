import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { staffKey } from '../../api/staff.ts';
import { Panel, Stack } from '../../design/layout.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Invitations } from './invitations.tsx';
import { StaffRoles } from './staff-roles.tsx';

type Member = ResponseOf<'listAccounts'>['items'][number];

/** Who works in the shop, who is invited to, and what their roles allow. */
export function StaffPage() {
  const may = useMay();
  return (
    <>
      <PageHeading
        title="Staff"
        lead="A change of a role takes effect at once. Nobody gives permissions that they do not hold, and nobody changes their own role."
      />
      <Stack>
        {may('accounts:read') && <Members />}
        <Invitations />
        <StaffRoles />
      </Stack>
    </>
  );
}

async function readMembers(signal: AbortSignal): Promise<Member[]> {
  const pages = await Promise.all(
    (['admin', 'staff'] as const).map((role) =>
      unwrap(api.GET('/api/v1/auth/admin/accounts', { params: { query: { role, limit: 100 } }, signal })),
    ),
  );
  return pages.flatMap(({ items }) => items);
}

function Members() {
  const members = useQuery({
    queryKey: [...staffKey, 'members'],
    queryFn: ({ signal }) => readMembers(signal),
    staleTime: 0,
    meta: { part: 'accounts' },
  });
  return (
    <Panel title="People">
      <QueryBoundary query={members} what="The staff" height="10rem">
        {(items) => (
          <Table
            caption="Who works in the shop"
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              { heading: 'Name', cell: ({ id, name }) => <Link href={`/control/accounts/${id}`}>{name}</Link> },
              { heading: 'E-mail', cell: ({ email }) => email },
              { heading: 'Role', cell: ({ role, staffRole }) => staffRole?.name ?? role },
              {
                heading: 'Status',
                cell: ({ banned }) => <Badge tone={banned ? 'bad' : 'good'}>{banned ? 'banned' : 'active'}</Badge>,
              },
            ]}
          />
        )}
      </QueryBoundary>
    </Panel>
  );
}
