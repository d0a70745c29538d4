import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { isLanguage, type Language, languageQuery, languages, setLanguage } from '../../api/mail-settings.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { SelectField } from '../../design/field.tsx';
import { toast } from '../../design/toast.tsx';
import styles from '../account.module.css';

const all = Object.entries(languages);

/** The language of the mails; without a choice, that of the shop. */
export function LanguageForm({ current }: { current: Language | null }) {
  const client = useQueryClient();
  const [choice, setChoice] = useState<string>();
  const chosen = choice ?? current ?? '';
  const changing = useMutation({
    mutationFn: setLanguage,
    meta: { part: 'accounts' },
    onSuccess: () => toast('The language of your mails is changed'),
    onSettled: () => client.invalidateQueries(languageQuery),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!changing.isPending && isLanguage(chosen)) changing.mutate(chosen);
  };
  return (
    <section className={styles.section}>
      <h2>Language</h2>
      <form className={styles.form} onSubmit={submit}>
        <SelectField
          label="Language of your mails"
          required
          value={chosen}
          onChange={({ target }) => setChoice(target.value)}
          error={changing.error ? explain(changing.error) : undefined}
        >
          {current === null && <option value="">The language of the shop</option>}
          {all.map(([locale, name]) => (
            <option key={locale} value={locale} lang={locale}>
              {name}
            </option>
          ))}
        </SelectField>
        <div>
          <Button type="submit" busy={changing.isPending}>
            Change the language
          </Button>
        </div>
      </form>
    </section>
  );
}
