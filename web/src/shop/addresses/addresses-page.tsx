import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import {
  addressesQuery,
  addressLines,
  addressText,
  forgetAddress,
  type SavedAddress,
  saveAddress,
} from '../../api/addresses.ts';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { shopQuery } from '../../api/quotes.ts';
import { type Account, useAccount } from '../../api/session.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { Button } from '../../design/button.tsx';
import { loadCode } from '../../design/load-code.ts';
import { Badge } from '../../design/notice.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { toast } from '../../design/toast.tsx';
import { SignInFirst } from '../orders/sign-in-first.tsx';
import { addressOf, emptyDraft } from './address.ts';
import styles from './addresses.module.css';
import { firstCountry } from './countries.ts';

const AddressDialog = lazy(async () => ({
  default: (await loadCode(() => import('./address-dialog.tsx'))).AddressDialog,
}));

export function AddressesPage() {
  const account = useAccount();
  if (!account) return <SignInFirst title="Your addresses" next="/account/addresses" />;
  return <Addresses key={account.id} account={account} />;
}

type AddressDraft = { saved: Omit<SavedAddress, 'createdAt'>; isNew: boolean };

/** Where things can be sent to. The default is what a checkout begins with. */
function Addresses({ account }: { account: Account }) {
  const addresses = useQuery({ ...addressesQuery, staleTime: 0 });
  const { data: shop } = useQuery(shopQuery);
  const [edited, setEdited] = useState<AddressDraft>();
  const add = () => {
    const country = firstCountry(emptyDraft.country, shop?.countries);
    const address = addressOf({ ...emptyDraft, name: account.name, country });
    setEdited({ saved: { id: crypto.randomUUID(), address, isDefault: false }, isNew: true });
  };
  return (
    <Page>
      <PageHeading
        title="Your addresses"
        lead="Where things can be sent to. Orders keep the address that they were sent to."
        actions={
          <Button kind="primary" onClick={add}>
            Add an address
          </Button>
        }
      />
      <QueryBoundary query={addresses} what="Your addresses" height="10rem">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="None is kept yet">The checkout can keep one for next time, too.</EmptyState>
          ) : (
            <ul className={styles.list}>
              {items.map((saved) => (
                <Item key={saved.id} saved={saved} onEdit={() => setEdited({ saved, isNew: false })} />
              ))}
            </ul>
          )
        }
      </QueryBoundary>
      {edited && (
        <Suspense>
          <AddressDialog {...edited} onDone={() => setEdited(undefined)} />
        </Suspense>
      )}
    </Page>
  );
}

function Item({ saved, onEdit }: { saved: SavedAddress; onEdit: () => void }) {
  const client = useQueryClient();
  const settled = {
    meta: { part: 'orders' },
    onError: (error: unknown) => toast(explain(error)),
    onSettled: () => client.invalidateQueries(addressesQuery),
  } as const;
  const preferring = useMutation({ mutationFn: () => saveAddress({ ...saved, isDefault: true }), ...settled });
  const forgetting = useMutation({ mutationFn: () => forgetAddress(saved.id), ...settled });
  const which = <span className="visually-hidden"> {addressText(saved.address)}</span>;
  return (
    <li className={styles.item}>
      <AddressBlock lines={addressLines(saved.address)} />
      {saved.isDefault && (
        <p>
          <Badge tone="good">Default</Badge>
        </p>
      )}
      <div className={styles.actions}>
        <Button kind="quiet" onClick={onEdit}>
          Change{which}
        </Button>
        {!saved.isDefault && (
          <Button kind="quiet" busy={preferring.isPending} onClick={() => preferring.mutate()}>
            Make it the default{which}
          </Button>
        )}
        <Button kind="quiet" busy={forgetting.isPending} onClick={() => forgetting.mutate()}>
          Remove{which}
        </Button>
      </div>
    </li>
  );
}
