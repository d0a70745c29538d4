// A store that speaks as much of the S3 protocol as backup/offsite and Barman use: put, get, head, delete, uploads in parts, lists in pages.
// It verifies the signature and the hash of every request. It runs as a process of its own, since its clients are run synchronously:
//   node s3-server.ts <access key> <secret key> <keys in a page>   prints its port. The bucket is called `bucket`.
import { createServer, type IncomingMessage } from 'node:http';
import { signatureError } from './s3-signature.ts';

const objects = new Map<string, Buffer>();
const uploads = new Map<string, Map<number, Buffer>>();
const [, , accessKey = '', secretKey = '', pageSize] = process.argv;
const PAGE = Number(pageSize);

type Answer = { status: number; body?: string | Buffer; headers?: Record<string, string> };
const error = (status: number, code: string): Answer => ({ status, body: `<Error><Code>${code}</Code></Error>` });
const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Keys below the prefix; with a delimiter, what lies in a folder below it is one common prefix. */
function list(query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const entries = [...objects.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? key : key.slice(0, end + delimiter.length);
    });
  const all = [...new Set(entries)].sort();
  const from = Number(query.get('continuation-token') ?? 0);
  const isLast = from + PAGE >= all.length;
  const items = all.slice(from, from + PAGE).map((entry) => {
    const object = objects.get(entry);
    return object
      ? `<Contents><Key>${xml(entry)}</Key><Size>${object.length}</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`
      : `<CommonPrefixes><Prefix>${xml(entry)}</Prefix></CommonPrefixes>`;
  });
  const next = isLast ? '' : `<NextContinuationToken>${from + PAGE}</NextContinuationToken>`;
  const body = `<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${items.join('')}${next}</ListBucketResult>`;
  return { status: 200, body };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
function multipart(method: string, key: string, query: URLSearchParams, body: Buffer): Answer {
  if (query.has('uploads')) {
    const id = `upload-${uploads.size}`;
    uploads.set(id, new Map());
    return { status: 200, body: `<R><UploadId>${id}</UploadId></R>` };
  }
  const parts = uploads.get(query.get('uploadId') ?? '');
  if (!parts) return error(404, 'NoSuchUpload');
  if (method === 'PUT') {
    parts.set(Number(query.get('partNumber')), body);
    return { status: 200, headers: { etag: `"${query.get('partNumber')}"` } };
  }
  const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number));
  const chosen = numbers.map((number) => parts.get(number));
  if (chosen.length === 0 || chosen.includes(undefined)) return error(400, 'InvalidPart');
  objects.set(key, Buffer.concat(chosen.filter((part) => part !== undefined)));
  return { status: 200, body: `<R><Key>${xml(key)}</Key><ETag>"${uploads.size}"</ETag></R>` };
}

function answerTo(method: string, url: URL, body: Buffer): Answer {
  const key = decodeURIComponent(url.pathname).replace(/^\/bucket\/?/, '');
  if (key === '') return method === 'HEAD' ? { status: 200 } : list(url.searchParams);
  if (url.searchParams.has('uploads') || url.searchParams.has('uploadId'))
    return multipart(method, key, url.searchParams, body);
  if (method === 'PUT') {
    objects.set(key, body);
    return { status: 200, headers: { etag: '"1"' } };
  }
  const found = objects.get(key);
  return found ? { status: 200, body: found } : error(404, 'NoSuchKey');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const server = createServer(async (request, response) => {
  const { method = '', url: target = '', headers } = request;
  if (headers.expect === '100-continue') response.writeContinue();
  const body = await bodyOf(request);
  const refused = signatureError({ method, target, headers, body }, { accessKey, secretKey });
  const answer = refused ? error(403, refused) : answerTo(method, new URL(target, 'http://store'), body);
  const content = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, { 'content-length': content.length, ...answer.headers });
  response.end(method === 'HEAD' ? '' : content);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : '');
});
