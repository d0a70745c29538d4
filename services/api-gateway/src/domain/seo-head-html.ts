/** A picture for link previews; `url` is a complete address. The size is in pixels, where it is known. */
export type PreviewImage = { url: string; alt: string; width?: number; height?: number };

/** What the HTML of a page says about it, beside what it says for every page. */
export type PageHead = {
  title: string | undefined;
  description: string | undefined;
  /** Where it is, for those who find it under several addresses. */
  canonical: string | undefined;
  /** Whether search engines may list it. */
  indexed: boolean;
  /** As the Open Graph protocol has it. */
  type: 'website' | 'product';
  /** What a link preview shows. */
  image: PreviewImage | undefined;
  /** The pictures that are seen first, as paths of this host, to be fetched before the script asks for them. */
  preload: readonly string[];
  /** What it is about, as schema.org has it. */
  structured: object | undefined;
};

/** An answer of the API that comes along. `json` is as it came, which is data of strangers. */
export type EmbeddedResponse = { url: string; json: string };

/** The HTML of all pages, cut where each says something of its own. */
export type PageTemplate = { before: string; title: string; between: string; rest: string };

/** Takes the built index.html apart; throws if it is not one. */
export function pageTemplate(html: string): PageTemplate {
  const parts = /^(.*?)<title>([^<]*)<\/title>(.*?)(<\/head>.*)$/s.exec(html);
  if (!parts) throw new Error('The index.html of the shop has no title in its head');
  const [, before = '', title = '', between = '', rest = ''] = parts;
  return { before, title, between, rest };
}

/**
 * A page. Everything in it that is not ours is escaped for where it stands: text, attributes, and JSON in a script element
 * that no browser runs, in which a `<` would be the one way out.
 */
export function renderPage(
  template: PageTemplate,
  page: { links: string; head: PageHead; brought: readonly EmbeddedResponse[] },
): string {
  const { head } = page;
  const title = head.title === undefined ? template.title : `${escapeHtml(head.title)} · ${template.title}`;
  const between =
    head.description === undefined
      ? template.between
      : template.between.replace(DESCRIPTION, () => meta('name', 'description', head.description));
  const added = [
    head.indexed ? '' : meta('name', 'robots', 'noindex'),
    head.canonical === undefined ? '' : `<link rel="canonical" href="${escapeHtml(head.canonical)}">`,
    head.canonical === undefined ? '' : meta('property', 'og:url', head.canonical),
    ...linkPreview(template, head),
    ...head.preload.map((path) => `<link rel="preload" as="image" fetchpriority="high" href="${escapeHtml(path)}">`),
    page.links,
    head.structured === undefined
      ? ''
      : script('application/ld+json', ' id="structured-data"', JSON.stringify(head.structured)),
    ...page.brought.map(({ url, json }) => script('application/json', ` data-url="${escapeHtml(url)}"`, json)),
  ];
  return `${template.before}<title>${title}</title>${between}${added.join('')}${template.rest}`;
}

/**
 * What networks and messengers show of a link, by the Open Graph protocol (https://ogp.me) and
 * https://developer.x.com/en/docs/x-for-websites/cards/overview/markup.
 */
function linkPreview(template: PageTemplate, { title, description, type, image }: PageHead): string[] {
  const ours = DESCRIPTION.exec(template.between)?.groups?.content;
  return [
    meta('property', 'og:site_name', template.title),
    meta('property', 'og:type', type),
    meta('property', 'og:title', title ?? template.title),
    // That of the template is HTML already.
    description === undefined && ours !== undefined
      ? `<meta property="og:description" content="${ours}">`
      : meta('property', 'og:description', description),
    meta('property', 'og:image', image?.url),
    meta('property', 'og:image:width', image?.width?.toString()),
    meta('property', 'og:image:height', image?.height?.toString()),
    meta('property', 'og:image:alt', image?.alt || undefined),
    meta('name', 'twitter:card', image ? 'summary_large_image' : 'summary'),
    meta('name', 'twitter:title', title ?? template.title),
    meta('name', 'twitter:image', image?.url),
  ];
}

const DESCRIPTION = /<meta name="description"(?: content="(?<content>[^"]*)")?[^>]*>/;

const meta = (kind: 'name' | 'property', name: string, content: string | undefined): string =>
  content === undefined ? '' : `<meta ${kind}="${name}" content="${escapeHtml(content)}">`;

/** In JSON a `<` stands within strings only, where its escape means the same. */
const script = (type: string, attributes: string, json: string): string =>
  `<script type="${type}"${attributes}>${json.replaceAll('<', '\\u003c')}</script>`;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
