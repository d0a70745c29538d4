import { Agent, request } from 'undici';
import type { Deployment } from '../deployment.ts';
import type { Infrastructure } from '../infrastructure.ts';
import type { Attack } from './measure-attack.ts';
import { HOSTILE_ADDRESS, hostileRequests } from './requests.ts';
import { type Upload, uploads } from './uploads.ts';

const PASSWORD = 'correct horse battery';

/** Signs a seller and a customer up, and lists what a hostile client may try with their tokens. */
export async function prepareAttacks(
  { postgres }: Infrastructure,
  deployment: Deployment,
  uploadBytes: number,
): Promise<Attack[]> {
  const url = deployment.gatewayUrl;
  await signUp(url, 'seller');
  const toSeller = `update user_account set role = 'seller' where email = 'seller@example.com'`;
  await postgres.run(deployment.database('auth'), toSeller);
  const [seller, customer] = [await signIn(url, 'seller'), await signUp(url, 'customer')];
  const attacker = new Agent({ connections: 2000, bodyTimeout: 0, headersTimeout: 0 });
  const imports = uploads.map((upload) => ({
    name: `import: ${upload.name}`,
    run: (signal: AbortSignal) => sendUpload({ url, attacker, token: seller, bytes: uploadBytes }, upload, signal),
  }));
  return [...imports, ...hostileRequests(url, attacker, { seller, customer })];
}

async function signUp(url: string, name: string): Promise<string> {
  return postForToken(`${url}/api/v1/auth/sign-up/email`, { name, email: `${name}@example.com`, password: PASSWORD });
}

async function signIn(url: string, name: string): Promise<string> {
  return postForToken(`${url}/api/v1/auth/sign-in/email`, { email: `${name}@example.com`, password: PASSWORD });
}

async function postForToken(url: string, body: Record<string, string>): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`POST ${url} answered ${response.statusCode}: ${text}`);
  return String(JSON.parse(text).token);
}

type Sender = { url: string; attacker: Agent; token: string; bytes: number };

async function sendUpload(o: Sender, upload: Upload, signal: AbortSignal): Promise<string> {
  const { statusCode, body } = await request(`${o.url}/api/v1/products/imports`, {
    ...{ method: 'POST', dispatcher: o.attacker, signal },
    headers: {
      ...HOSTILE_ADDRESS,
      authorization: `Bearer ${o.token}`,
      'content-type': upload.contentType,
      ...(upload.encoding ? { 'content-encoding': upload.encoding } : {}),
    },
    body: upload.body(o.bytes),
  });
  return `${statusCode} ${(await body.text()).slice(0, 90)}`;
}
