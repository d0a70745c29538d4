import { useMay } from '../../api/permissions.ts';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { pluralize } from '../number-format.ts';
import { actionsColumn } from './delete-rule.tsx';
import styles from './pricing.module.css';
import type { Promotion } from './rules.ts';

/** Promotions with what they take off, their conditions and their uses. */
export function PromotionTable({
  all,
  onEdit,
  onDelete,
}: {
  all: readonly Promotion[];
  onEdit: (promotion: Promotion) => void;
  onDelete: (promotion: Promotion) => void;
}) {
  const canEdit = useMay()('promotions:write');
  const columns: Column<Promotion>[] = [
    { heading: 'Name', cell: (promotion) => <NameAndCode promotion={promotion} /> },
    { heading: 'Benefit', cell: ({ benefit }) => benefitText(benefit) },
    { heading: 'Conditions', cell: (promotion) => <Conditions promotion={promotion} /> },
    { heading: 'Used', number: true, cell: usesText },
    { heading: 'Status', cell: (promotion) => <Status promotion={promotion} /> },
    ...actionsColumn<Promotion>(canEdit, { edit: onEdit, remove: onDelete }),
  ];
  return <Table caption="Promotions, newest first" rows={all} keyOf={({ id }) => id} columns={columns} />;
}

const NameAndCode = ({ promotion: { name, code } }: { promotion: Promotion }) => (
  <span className={styles.lines}>
    <span>{name}</span>
    <span className={styles.soft}>{code ? <code>{code}</code> : 'without a code'}</span>
  </span>
);

function benefitText(benefit: Promotion['benefit']): string {
  switch (benefit.type) {
    case 'percent':
      return `${benefit.percent} % off`;
    case 'amount':
      return `${moneyText(benefit.amount)} off`;
    case 'buy_x_get_y': {
      const reduced = benefit.percent === 100 ? 'free' : `${benefit.percent} % off`;
      return `Buy ${benefit.buy}, get ${benefit.get} ${reduced}`;
    }
    case 'free_shipping':
      return 'Free shipping';
  }
}

function Conditions({ promotion }: { promotion: Promotion }) {
  const { minimum, productIds, categories, firstOrder, combinable, limitPerCustomer, startsAt, endsAt } = promotion;
  const goods = [
    ...(productIds.length > 0 ? [pluralize(productIds.length, 'product')] : []),
    ...categories.map((category) => `category ${category}`),
  ];
  const texts = [
    ...(minimum ? [`goods of ${moneyText(minimum)} or more`] : []),
    ...(goods.length > 0 ? [`for ${goods.join(', ')}`] : []),
    ...(firstOrder ? ['first order only'] : []),
    ...(limitPerCustomer ? [`${pluralize(limitPerCustomer, 'use')} per customer`] : []),
    ...(combinable ? [] : ['not with other promotions']),
  ];
  return (
    <span className={styles.lines}>
      {texts.map((text) => (
        <span key={text}>{text}</span>
      ))}
      {startsAt && (
        <span>
          from <Time at={startsAt} />
        </span>
      )}
      {endsAt && (
        <span>
          until <Time at={endsAt} />
        </span>
      )}
      {texts.length === 0 && !startsAt && !endsAt && <span className={styles.soft}>none</span>}
    </span>
  );
}

/** Uses are counted only where there is a limit. */
function usesText({ used, limitTotal, limitPerCustomer, firstOrder }: Promotion): string {
  if (limitTotal) return `${used} of ${limitTotal}`;
  return limitPerCustomer || firstOrder ? String(used) : 'not counted';
}

function Status({ promotion: { active, startsAt, endsAt, used, limitTotal } }: { promotion: Promotion }) {
  const now = Date.now();
  if (!active) return <Badge>switched off</Badge>;
  if (endsAt && Date.parse(endsAt) <= now) return <Badge>ended</Badge>;
  if (limitTotal && used >= limitTotal) return <Badge tone="warn">used up</Badge>;
  if (startsAt && Date.parse(startsAt) > now) return <Badge tone="info">starts later</Badge>;
  return <Badge tone="good">active</Badge>;
}
