// A reference: Fastify and `pg`, with one prepared SELECT for each route and nothing else.
import { fastify } from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 });
const app = fastify();

app.get<{ Params: { slug: string } }>('/products/:slug', async (request) => {
  const { rows } = await pool.query({
    name: 'read',
    text: 'select id, slug, title, description, summary from product where slug = $1',
    values: [request.params.slug],
  });
  return rows[0];
});

app.get('/products', async () => {
  const { rows } = await pool.query({
    name: 'list',
    text: `select id, slug, title, summary from product where status = 'active' order by id desc limit 24`,
  });
  return { items: rows };
});

app.get<{ Querystring: { q: string } }>('/search', async (request) => {
  const { rows } = await pool.query({
    name: 'search',
    text: `select id, slug, title, summary from product
      where search @@ plainto_tsquery('simple', $1) and status = 'active' order by id desc limit 24`,
    values: [request.query.q],
  });
  return { items: rows };
});

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
