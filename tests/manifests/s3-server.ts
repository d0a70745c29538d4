// A store that speaks as much of the S3 protocol as backup/offsite uses: list in pages of two, get, put with the hash of the content.
// It runs as a process of its own, since its clients are run synchronously:  node s3-server.ts <access key>  prints its port.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const objects = new Map<string, Buffer>();
const PAGE = 2;

const server = createServer(async (request, response) => {
  const answer = (status: number, body: string | Buffer = '') => response.writeHead(status).end(body);
  const url = new URL(request.url ?? '/', 'http://store');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { authorization = '', 'x-amz-content-sha256': hash, 'x-amz-date': date } = request.headers;
  if (!authorization.startsWith(`AWS4-HMAC-SHA256 Credential=${process.argv[2]}/`) || !date)
    return answer(403, '<Code>InvalidAccessKeyId</Code>');
  if (createHash('sha256').update(body).digest('hex') !== hash)
    return answer(400, '<Code>XAmzContentSHA256Mismatch</Code>');
  const key = decodeURIComponent(url.pathname).replace(/^\/bucket\/?/, '');
  if (request.method === 'PUT') {
    objects.set(key, body);
    return answer(200);
  }
  if (key !== '') {
    const found = objects.get(key);
    return found ? answer(200, found) : answer(404, '<Code>NoSuchKey</Code>');
  }
  const all = [...objects.keys()].filter((name) => name.startsWith(url.searchParams.get('prefix') ?? '')).sort();
  const from = Number(url.searchParams.get('continuation-token') ?? 0);
  const next = from + PAGE < all.length ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : '';
  return answer(
    200,
    `<R>${all
      .slice(from, from + PAGE)
      .map((name) => `<Key>${name}</Key>`)
      .join('')}${next}</R>`,
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : '');
});
