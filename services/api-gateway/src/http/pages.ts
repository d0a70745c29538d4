import { createHash } from 'node:crypto';

/** A page of the gateway's own, with the policy under which a browser may show it. */
export type Page = { html: string; policy: string };

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 42rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; } a { color: #2563eb; } dt { margin-top: 1rem; font-weight: 600; } dd { margin: 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { padding: 1rem; overflow: auto; border: 1px solid #8884; border-radius: .5rem; }
@media (prefers-color-scheme: dark) { a { color: #93c5fd; } }
`;

const links = [
  ['/docs', 'The API, browsable'],
  ['/openapi.json', 'The same for tools: OpenAPI 3.1'],
  ['/asyncapi.json', 'The events between the services: AsyncAPI 3'],
  ['/api/v1/products', 'The catalogue'],
] as const;

/** What `/` answers to those that are no browser. */
export const landingDocument = {
  name: 'Tradepost',
  links: Object.fromEntries(links.map(([path, text]) => [path, text])),
};

/** What a browser is shown at `/` while there is no web shop. */
export function landingPage(publicUrl: string): Page {
  const items = links.map(([path, text]) => `<dt><a href="${path}">${path}</a></dt><dd>${text}</dd>`).join('\n');
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tradepost</title><style>${style}</style></head>
<body><h1>Tradepost</h1><p>A commerce backend. This is its API gateway; everything is reached through it.</p>
<dl>${items}</dl>
<p>Sign in, and send the token that comes back as <code>Authorization: Bearer …</code>:</p>
<pre>curl -s ${escapeHtml(publicUrl)}/api/v1/auth/sign-in/email \\
  -H 'content-type: application/json' \\
  -d '{"email":"you@example.com","password":"…"}'</pre></body></html>
`;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html, policy };
}

/** The reference as a page: Swagger UI, from files of this server only. */
export function docsPage(apiOrigin: string | undefined): Page {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tradepost API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="stylesheet" href="/docs/index.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png"></head>
<body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
`;
  const connect = apiOrigin === undefined ? "'self'" : `'self' ${apiOrigin}`;
  const policy =
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
    `connect-src ${connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html, policy };
}

/** Starts Swagger UI. The validator badge would ask a third party. */
export const docsScript = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
});
`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
