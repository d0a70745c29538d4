// A reference: what a sign-in cannot do without, one check of an argon2id hash at the cost that `auth` uses.
import { createServer } from 'node:http';
import { hash, verify } from '@node-rs/argon2';

const password = 'correct horse battery';
const stored = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });

createServer(async (_request, response) => {
  const right = await verify(stored, password);
  response.writeHead(right ? 200 : 401).end();
}).listen(Number(process.env.PORT), '127.0.0.1');
