import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { ORIGIN } from './client.ts';

/** An authenticator in software, which holds one passkey, and does what it is told, right or wrong. */
export type Authenticator = {
  credentialId: string;
  create(challenge: string, o?: Ceremony): object;
  get(challenge: string, o?: Ceremony): object;
};

type Ceremony = { origin?: string; rpId?: string; userVerified?: boolean; counter?: number };

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
const base64url = (data: Uint8Array | string) => Buffer.from(data).toString('base64url');

export function createAuthenticator(): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const credential = {
    id: base64url(id),
    rawId: base64url(id),
    type: 'public-key',
    clientExtensionResults: {},
    authenticatorAttachment: 'platform',
  };
  return {
    credentialId: credential.id,
    create(challenge, o = {}) {
      const authData = Buffer.concat([authenticatorData(o, ATTESTED), attestedCredential(id, publicKey)]);
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]);
      // as: a map of these is what CBOR of an attestation object is.
      const attestationObject = base64url(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0]));
      const clientDataJSON = base64url(clientData('webauthn.create', challenge, o));
      return { ...credential, response: { clientDataJSON, attestationObject, transports: ['internal'] } };
    },
    get(challenge, o = {}) {
      const data = clientData('webauthn.get', challenge, o);
      const authData = authenticatorData(o, 0);
      const signature = sign('sha256', Buffer.concat([authData, sha256(data)]), privateKey);
      return {
        ...credential,
        response: {
          clientDataJSON: base64url(data),
          authenticatorData: base64url(authData),
          signature: base64url(signature),
        },
      };
    },
  };
}

function clientData(type: string, challenge: string, { origin = ORIGIN }: Ceremony): string {
  return JSON.stringify({ type, challenge, origin, crossOrigin: false });
}

/** Source: https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data */
function authenticatorData(o: Ceremony, flags: number): Buffer {
  const { rpId = 'localhost', userVerified = true, counter = 0 } = o;
  const rest = Buffer.alloc(5);
  rest.writeUInt8(PRESENT | (userVerified ? VERIFIED : 0) | flags, 0);
  rest.writeUInt32BE(counter, 1);
  return Buffer.concat([sha256(rpId), rest]);
}

function attestedCredential(id: Buffer, publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
    [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
  ]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  // as: a COSE key is a map of numbers (RFC 9052).
  const cose = isoCBOR.encode(key as Parameters<typeof isoCBOR.encode>[0]);
  return Buffer.concat([Buffer.alloc(16), length, id, cose]);
}
