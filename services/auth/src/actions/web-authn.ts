/**
 * The library of WebAuthn, loaded with the first passkey: it takes 28 MiB and 180 ms of CPU, most of it for forms of attestation that
 * nobody asks for here.
 */
export const loadWebAuthn = () => import('@simplewebauthn/server');
