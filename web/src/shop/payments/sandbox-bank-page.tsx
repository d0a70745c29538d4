import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { explain, hasCode } from '../../api/problem.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { answerChallenge, type Challenge, challengeQuery } from './payment-requests.ts';
import styles from './payments.module.css';
import { returnPathOf } from './return-path.ts';

/** The sandbox in the place of a shopper's bank: confirms or refuses a payment (3-D Secure). */
export function SandboxBankPage() {
  const { challenge = '' } = useParams<{ challenge: string }>();
  const [params] = useSearchParams();
  const back = returnPathOf(params, location.origin);
  const { data, error, isPending, refetch } = useQuery(challengeQuery(challenge));
  const isNone = hasCode(error, 'not_found') || hasCode(error, 'validation_failed');
  return (
    <Page narrow>
      <PageHeading title="Test bank" lead="This page stands for the page of a bank. No money moves." />
      {isPending && (
        <Loading label="Loading the payment">
          <Skeleton height="14rem" />
        </Loading>
      )}
      {data && <Question key={challenge} challenge={challenge} asked={data} back={back} />}
      {!data && isNone && (
        <EmptyState title="There is no such payment" action={<BackLink back={back} />}>
          It may have been given up, or part of the address is missing.
        </EmptyState>
      )}
      {!data && error && !isNone && (
        <ErrorState title="The payment cannot be shown at the moment" onRetry={() => void refetch()}>
          {explain(error)}
        </ErrorState>
      )}
    </Page>
  );
}

type QuestionProps = { challenge: string; asked: Challenge; back: string | undefined };

function Question({ challenge, asked, back }: QuestionProps) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const answering = useMutation({
    mutationFn: (approve: boolean) => answerChallenge(challenge, approve),
    onSuccess: (answered) => {
      client.setQueryData(challengeQuery(challenge).queryKey, answered);
      // In the place of this page, since there is nothing more to answer here.
      if (back !== undefined) navigate(back, { replace: true });
    },
    meta: { part: 'orders' },
  });
  const answer = (approve: boolean) => {
    if (!answering.isPending) answering.mutate(approve);
  };
  return (
    <section className={styles.bank} aria-label="Payment to confirm">
      <p className={styles.mark}>Test bank</p>
      <dl className={styles.transfer}>
        <div>
          <dt>Amount</dt>
          <dd>{moneyText(asked.amount)}</dd>
        </div>
        <div>
          <dt>For</dt>
          <dd>Order {asked.orderNumber}</dd>
        </div>
      </dl>
      {answering.error && (
        <Notice tone="bad" title="The bank has not got your answer">
          {explain(answering.error)}
        </Notice>
      )}
      {asked.status === 'challenged' ? (
        <div className={styles.buttons}>
          <Button kind="primary" busy={answering.isPending} onClick={() => answer(true)}>
            Confirm
          </Button>
          <Button busy={answering.isPending} onClick={() => answer(false)}>
            Refuse
          </Button>
        </div>
      ) : (
        <Outcome status={asked.status} back={back} />
      )}
    </section>
  );
}

type AnsweredStatus = Exclude<Challenge['status'], 'challenged'>;

const Outcome = ({ status, back }: { status: AnsweredStatus; back: string | undefined }) => (
  <>
    <p>{outcomes[status]}</p>
    <div className={styles.buttons}>
      <BackLink back={back} />
    </div>
  </>
);

const outcomes: Record<AnsweredStatus, string> = {
  captured: 'You have confirmed this payment.',
  authorized: 'You have confirmed this payment.',
  processing: 'You have confirmed this payment.',
  declined: 'You have refused this payment.',
  voided: 'The shop has given this payment up. Nothing is taken.',
};

const BackLink = ({ back }: { back: string | undefined }) =>
  back === undefined ? (
    <LinkButton href="/orders">See your orders</LinkButton>
  ) : (
    <LinkButton kind="primary" href={back}>
      Back to the order
    </LinkButton>
  );
