import { useMutation, useQuery } from '@tanstack/react-query';
import { explainProvider, goToProvider, type Provider, providersQuery } from '../api/providers.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import styles from './account.module.css';

/** A button for each provider that the shop offers; nothing where it has none, or cannot say. */
export function ProviderButtons({ next }: { next: string }) {
  const { data: providers = [] } = useQuery(providersQuery);
  const going = useMutation({
    mutationFn: ({ id }: Provider) => goToProvider({ provider: id, purpose: 'sign-in', next }),
  });
  if (providers.length === 0) return null;
  return (
    <div className={styles.form}>
      {going.error && <Notice tone="bad">{explainProvider(going.error)}</Notice>}
      {providers.map((provider) => (
        <Button
          key={provider.id}
          busy={going.isPending && going.variables.id === provider.id}
          onClick={() => going.mutate(provider)}
          wide
        >
          Sign in with {provider.name}
        </Button>
      ))}
    </div>
  );
}
