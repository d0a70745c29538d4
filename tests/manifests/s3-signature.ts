import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type SignedRequest = { method: string; target: string; headers: IncomingHttpHeaders; body: Buffer };
export type Credentials = { accessKey: string; secretKey: string };

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** Characters that RFC 3986 reserves are escaped, which encodeURIComponent does for all but these five. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The query as it is signed: names and values escaped, sorted by name. */
function canonicalQuery(query: string): string {
  const pairs = query === '' ? [] : query.split('&').map((pair) => pair.split(/=(.*)/s));
  return pairs
    .map(
      ([name = '', value = '']) =>
        `${percentEncode(decodeURIComponent(name))}=${percentEncode(decodeURIComponent(value))}`,
    )
    .sort()
    .join('&');
}

/**
 * Verifies the signature (version 4, in the header `Authorization`) of a request to S3, and that the body has the hash that was signed.
 * Returns the error code that S3 answers, or undefined when the request is authentic.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signatureError(request: SignedRequest, { accessKey, secretKey }: Credentials): string | undefined {
  const { method, target, headers, body } = request;
  const fields =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^/]+\/s3\/aws4_request), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, key, scope = '', names = '', signature = ''] = fields.exec(headers.authorization ?? '') ?? [];
  if (key === undefined) return 'AccessDenied';
  if (key !== accessKey) return 'InvalidAccessKeyId';
  const date = String(headers['x-amz-date']);
  const signed = names.split(';');
  const mustBeSigned = ['host', 'x-amz-content-sha256', 'x-amz-date'];
  if (!date.startsWith(scope.slice(0, 8)) || !mustBeSigned.every((name) => signed.includes(name)))
    return 'AccessDenied';
  const hash = String(headers['x-amz-content-sha256']);
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const canonical = [
    method,
    path,
    canonicalQuery(query),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}`),
    '',
    names,
    hash,
  ].join('\n');
  const signingKey = scope.split('/').reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secretKey}`));
  const wanted = hmac(signingKey, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n'));
  return timingSafeEqual(wanted, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch';
}
