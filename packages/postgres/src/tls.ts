import type pg from 'pg';

/**
 * The part of a client's configuration that is TLS: with the PEM of a certificate authority, as `sslmode=verify-full` with that authority, so that
 * the certificate must be issued by it and name the host. Without one, `sslmode` in the URL decides.
 */
export const tlsConfig = (ca: string | undefined): Pick<pg.ClientConfig, 'ssl'> =>
  ca === undefined ? {} : { ssl: { ca, rejectUnauthorized: true } };
