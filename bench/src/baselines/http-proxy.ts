// A reference: @fastify/http-proxy, which is what one would put in front of services with the same parts.
import httpProxy from '@fastify/http-proxy';
import { fastify } from 'fastify';

const app = fastify();
app.register(httpProxy, { upstream: process.env.UPSTREAM ?? '', undici: { connections: 32, pipelining: 1 } });
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
