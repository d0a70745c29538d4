import { explain, hasCode } from '../api/problem.ts';
import { TextField } from '../design/field.tsx';

/** The present password, which a change of the account needs. `error`: that of the change. */
export function CurrentPasswordField({ error, label = 'Your password' }: { error: unknown; label?: string }) {
  return (
    <TextField
      label={label}
      name="currentPassword"
      type="password"
      autoComplete="current-password"
      required
      error={hasCode(error, 'invalid_credentials') ? 'That is not your password' : undefined}
    />
  );
}

type NewPasswordProps = { name?: string; label?: string; hint?: string; error: unknown; problem?: string | undefined };

/** A password to be set. `error`: that of the request, `problem`: what it says about this field. */
export function NewPasswordField({
  name = 'newPassword',
  label = 'New password',
  hint,
  error,
  problem,
}: NewPasswordProps) {
  return (
    <TextField
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      required
      minLength={8}
      maxLength={128}
      hint={hint ?? '8 characters or more, and not one that everybody has'}
      error={hasCode(error, 'weak_password') ? explain(error) : problem}
    />
  );
}

/** A code of the authenticator app, or a recovery code. */
export function CodeField({ problem }: { problem: string | undefined }) {
  return (
    <TextField
      label="Code"
      hint="From your authenticator app, or a recovery code"
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      maxLength={40}
      error={problem}
    />
  );
}
