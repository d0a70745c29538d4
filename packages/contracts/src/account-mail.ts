import { type Static, Type } from 'typebox';

/** The mails about an account that somebody asked for, or must know of. */
export const AccountMail = Type.Union([
  Type.Literal('verify_email'),
  Type.Literal('reset_password'),
  /** Goes to the new address, which takes effect with its link. */
  Type.Literal('confirm_new_email'),
  /** Goes to the address that the account had before. */
  Type.Literal('email_changed'),
  Type.Literal('password_changed'),
  Type.Literal('new_sign_in'),
  Type.Literal('second_factor_on'),
  Type.Literal('second_factor_off'),
  /** By an operator. */
  Type.Literal('second_factor_removed'),
  Type.Literal('recovery_code_used'),
  Type.Literal('passkey_added'),
  Type.Literal('provider_connected'),
  Type.Literal('provider_disconnected'),
  Type.Literal('invitation'),
]);
export type AccountMail = Static<typeof AccountMail>;
