// A reference: the least that Node.js can answer a request with.
import { createServer } from 'node:http';

const body = JSON.stringify({ id: 'p-1', title: 'Blue Mug', price: { amount: 1800, currency: 'EUR' } });
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };

createServer((_request, response) => response.writeHead(200, headers).end(body)).listen(
  Number(process.env.PORT),
  '127.0.0.1',
);
