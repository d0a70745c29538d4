/** A carrier by the words that its name begins with, however it is written, and the address of its tracking page. */
type Carrier = { names: readonly string[]; url: (trackingNumber: string) => string };

const carriers: readonly Carrier[] = [
  { names: ['dhl'], url: (n) => `https://www.dhl.com/global-en/home/tracking.html?tracking-id=${n}` },
  { names: ['deutsche post'], url: (n) => `https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode=${n}` },
  { names: ['dpd'], url: (n) => `https://tracking.dpd.de/status/en_US/parcel/${n}` },
  { names: ['gls'], url: (n) => `https://gls-group.eu/EU/en/parcel-tracking?match=${n}` },
  {
    names: ['hermes', 'myhermes'],
    url: (n) => `https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#${n}`,
  },
  { names: ['evri'], url: (n) => `https://www.evri.com/track/parcel/${n}` },
  { names: ['ups', 'united parcel service'], url: (n) => `https://www.ups.com/track?tracknum=${n}` },
  { names: ['fedex', 'federal express', 'tnt'], url: (n) => `https://www.fedex.com/fedextrack/?trknbr=${n}` },
  {
    names: ['usps', 'united states postal service', 'us postal service'],
    url: (n) => `https://tools.usps.com/go/TrackConfirmAction?tLabels=${n}`,
  },
  { names: ['royal mail'], url: (n) => `https://www.royalmail.com/track-your-item#/tracking-results/${n}` },
  { names: ['parcelforce'], url: (n) => `https://www.parcelforce.com/track-trace?trackNumber=${n}` },
  { names: ['la poste', 'colissimo'], url: (n) => `https://www.laposte.fr/outils/suivre-vos-envois?code=${n}` },
  {
    names: ['chronopost'],
    url: (n) => `https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT=${n}&langue=en`,
  },
  { names: ['postnl', 'post nl'], url: (n) => `https://jouw.postnl.nl/track-and-trace/${n}` },
  { names: ['bpost'], url: (n) => `https://track.bpost.cloud/btr/web/#/search?itemCode=${n}&lang=en` },
  {
    names: ['swiss post', 'die schweizerische post', 'la poste suisse', 'la posta svizzera', 'postch', 'post ch'],
    url: (n) => `https://service.post.ch/ekp-web/ui/entry/search/${n}`,
  },
  {
    names: ['austrian post', 'osterreichische post', 'oesterreichische post', 'post at'],
    url: (n) => `https://www.post.at/en/s/tracking?snr=${n}`,
  },
  {
    names: ['postnord', 'post nord'],
    url: (n) => `https://tracking.postnord.com/en/tracking?id=${n}`,
  },
  { names: ['inpost'], url: (n) => `https://inpost.pl/en/find-parcel?number=${n}` },
  { names: ['poste italiane'], url: (n) => `https://www.poste.it/cerca/index.html#/risultati-spedizioni/${n}` },
  {
    names: ['correos'],
    url: (n) => `https://www.correos.es/es/en/tools/tracker/items/details?tracking-number=${n}`,
  },
  {
    names: ['canada post', 'postes canada'],
    url: (n) => `https://www.canadapost-postescanada.ca/track-reperage/en#/details/${n}`,
  },
  { names: ['australia post', 'auspost'], url: (n) => `https://auspost.com.au/mypost/track/details/${n}` },
  {
    names: ['japan post'],
    url: (n) => `https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1=${n}&locale=en`,
  },
];

/** `Österreichische Post AG` as `osterreichische post ag`: letters without marks, and single blanks. */
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const startsWithWords = (name: string, words: string): boolean => `${name} `.startsWith(`${words} `);

/** The carrier's page about a parcel; undefined for carriers that are not known, and for what is no tracking number. */
export function trackingUrl(carrier: string | undefined, trackingNumber: string | undefined): string | undefined {
  const number = trackingNumber?.replace(/[\s.-]+/g, '') ?? '';
  if (!carrier || !/^[a-z0-9]{4,50}$/i.test(number)) return undefined;
  const name = plain(carrier);
  // The longest name that fits: `La Poste Suisse` is not `La Poste`.
  const fits = carriers
    .flatMap(({ names, url }) => names.map((words) => ({ words, url })))
    .filter(({ words }) => startsWithWords(name, words))
    .sort((a, b) => b.words.length - a.words.length);
  return fits[0]?.url(encodeURIComponent(number));
}
