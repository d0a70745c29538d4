import type { MailTexts, Texts } from './texts.ts';

const notYou = 'Waren Sie das nicht, ändern Sie bitte sofort Ihr Passwort und schreiben Sie uns.';
const ignore = 'Haben Sie das nicht angefordert, brauchen Sie nichts zu tun: Es ändert sich nichts.';

/** What an account signs in with has changed; the mails differ in their words only. */
const factorsChanged = (subject: string, heading: string, text: string): MailTexts => ({
  ...{ subject, preview: text, heading },
  ...{ paragraphs: [text], notes: [notYou] },
});

export const de: Texts = {
  hello: (name) => (name === '' ? 'Guten Tag,' : `Guten Tag ${name},`),
  labels: {
    subtotal: 'Zwischensumme',
    discount: 'Rabatt',
    shipping: 'Versand',
    taxExemption: 'Steuerbefreiung',
    tax: 'Steuer',
    taxIncluded: 'Enthaltene Steuer',
    total: 'Gesamtbetrag',
    carrier: 'Versanddienst',
    trackingNumber: 'Sendungsnummer',
    payBy: 'Zahlbar bis',
    amount: 'Betrag',
    time: 'Zeitpunkt',
    device: 'Browser',
    provider: 'Anmeldedienst',
    newEmail: 'Neue Adresse',
    sku: 'Artikelnummer',
    available: 'Verfügbar',
  },
  linkBelow: 'Falls die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
  linkHidden: 'Den Link in dieser Mail sieht nur, wer sie bekommt.',
  trackingLink: 'Sendung verfolgen',
  unsubscribe: 'Solche Mails nicht mehr bekommen',
  validUntil: (time) => `Der Link gilt bis ${time} und nur einmal.`,
  order_confirmed: ({ number, shop }) => ({
    subject: `Ihre Bestellung ${number} ist bestätigt`,
    preview: `Vielen Dank für Ihre Bestellung bei ${shop}.`,
    heading: 'Vielen Dank für Ihre Bestellung',
    paragraphs: [`Ihre Bestellung ${number} ist bestätigt. Wir schreiben Ihnen wieder, sobald wir sie verschicken.`],
    action: 'Bestellung ansehen',
  }),
  payment_needed: {
    transfer: ({ number, payBy }) => ({
      subject: `Bitte bezahlen Sie Ihre Bestellung ${number}`,
      preview: `Wir halten die Ware bis ${payBy} für Sie bereit.`,
      heading: 'Bitte überweisen Sie den Betrag',
      paragraphs: [
        `Ihre Bestellung ${number} ist da, und wir halten die Ware bis ${payBy} für Sie bereit. Bitte überweisen Sie den Gesamtbetrag:`,
      ],
      action: 'Bestellung ansehen',
    }),
    declined: ({ number, payBy }) => ({
      subject: `Die Zahlung Ihrer Bestellung ${number} ist fehlgeschlagen`,
      preview: `Sie können bis ${payBy} anders bezahlen.`,
      heading: 'Die Zahlung ist fehlgeschlagen',
      paragraphs: [
        `Die Zahlung Ihrer Bestellung ${number} ist fehlgeschlagen. Sie können bis ${payBy} anders bezahlen; danach wird die Bestellung storniert.`,
      ],
      action: 'Jetzt bezahlen',
    }),
    action: ({ number, payBy }) => ({
      subject: `Ihre Bank bittet um Bestätigung der Zahlung für Bestellung ${number}`,
      preview: `Bitte bestätigen Sie sie bis ${payBy}.`,
      heading: 'Bitte bestätigen Sie die Zahlung',
      paragraphs: [
        `Ihre Bank bittet Sie, die Zahlung Ihrer Bestellung ${number} zu bestätigen. Bitte tun Sie das bis ${payBy}; danach wird die Bestellung storniert.`,
      ],
      action: 'Zahlung bestätigen',
    }),
  },
  order_sent: ({ number, complete }) => ({
    subject: complete ? `Ihre Bestellung ${number} ist unterwegs` : `Ein Teil Ihrer Bestellung ${number} ist unterwegs`,
    preview: complete ? 'Damit ist alles verschickt.' : 'Der Rest folgt später.',
    heading: 'Ihr Paket ist unterwegs',
    paragraphs: [
      complete
        ? `Wir haben dieses Paket Ihrer Bestellung ${number} verschickt. Damit ist alles unterwegs.`
        : `Wir haben dieses Paket Ihrer Bestellung ${number} verschickt. Der Rest folgt später.`,
    ],
    action: 'Bestellung ansehen',
  }),
  order_delivered: ({ number, shop }) => ({
    subject: `Ihre Bestellung ${number} wurde zugestellt`,
    preview: `Vielen Dank für Ihren Einkauf bei ${shop}.`,
    heading: 'Ihre Bestellung wurde zugestellt',
    paragraphs: [`Ihre Bestellung ${number} wurde zugestellt. Wir hoffen, dass sie Ihnen gefällt.`],
    action: 'Bestellung ansehen',
  }),
  order_cancelled: ({ number }) => ({
    subject: `Ihre Bestellung ${number} wurde storniert`,
    preview: 'Schon bezahltes Geld bekommen Sie zurück.',
    heading: 'Ihre Bestellung wurde storniert',
    paragraphs: [
      `Ihre Bestellung ${number} wurde storniert und wird nicht verschickt. Haben Sie schon bezahlt, bekommen Sie das Geld zurück; dazu schreiben wir Ihnen noch einmal.`,
    ],
    action: 'Bestellung ansehen',
  }),
  order_rejected: ({ number }) => ({
    subject: `Wir können Ihre Bestellung ${number} nicht liefern`,
    preview: 'Es wurde kein Geld abgebucht.',
    heading: 'Wir können Ihre Bestellung nicht liefern',
    paragraphs: [
      `Etwas aus Ihrer Bestellung ${number} gibt es nicht mehr, deshalb können wir sie nicht liefern. Es wurde kein Geld abgebucht. Das tut uns leid.`,
    ],
    action: 'Bestellung ansehen',
  }),
  order_refunded: ({ number, amount }) => ({
    subject: `Erstattung zu Ihrer Bestellung ${number}`,
    preview: `Wir erstatten ${amount}.`,
    heading: 'Ihre Erstattung',
    paragraphs: [
      `Wir erstatten Ihnen ${amount} zu Ihrer Bestellung ${number}, auf dem Weg, auf dem Sie bezahlt haben. Bei Banken kann das einige Tage dauern.`,
    ],
    action: 'Bestellung ansehen',
  }),
  return_received: ({ number, isRefunded }) => ({
    subject: `Ihre Rücksendung zur Bestellung ${number} ist da`,
    preview: isRefunded
      ? 'Wir erstatten, was Sie dafür bezahlt haben.'
      : 'Was Sie zurückgeschickt haben, ist angekommen.',
    heading: 'Ihre Rücksendung ist angekommen',
    paragraphs: [
      isRefunded
        ? `Das kam von Ihrer Bestellung ${number} zu uns zurück. Wir erstatten, was Sie dafür bezahlt haben; zum Betrag schreiben wir Ihnen noch einmal.`
        : `Das kam von Ihrer Bestellung ${number} zu uns zurück.`,
    ],
    action: 'Bestellung ansehen',
  }),
  new_order: ({ number, units }) => ({
    subject: `Neue Bestellung ${number}`,
    preview: units === 1 ? 'Ein Stück von Ihnen wurde verkauft.' : `${units} Stück von Ihnen wurden verkauft.`,
    heading: 'Sie haben etwas verkauft',
    paragraphs: [`Die Bestellung ${number} ist bestätigt. Das sind Ihre Positionen:`],
    action: 'Bestellung öffnen',
  }),
  low_stock: ({ title, available }) => ({
    subject: available === 0 ? `Ausverkauft: ${title}` : `Nur noch wenig auf Lager: ${title}`,
    preview: available === 0 ? 'Nichts ist mehr verkäuflich.' : `Noch ${available} verkäuflich.`,
    heading: available === 0 ? 'Ausverkauft' : 'Nur noch wenig auf Lager',
    paragraphs: [
      available === 0
        ? `Das letzte Stück von ${title} ist für eine Bestellung reserviert. Der Shop zeigt den Artikel als ausverkauft, bis Sie Bestand hinzufügen.`
        : `Nach einer Bestellung sind noch ${available} von ${title} da. Der Shop verkauft sie und zeigt den Artikel dann als ausverkauft, bis Sie Bestand hinzufügen.`,
    ],
    action: 'Artikel öffnen',
  }),
  verify_email: ({ shop, email }) => ({
    subject: `Bestätigen Sie Ihre E-Mail-Adresse für ${shop}`,
    preview: 'Ein Klick, und Ihr Konto ist vollständig.',
    heading: 'Bestätigen Sie Ihre E-Mail-Adresse',
    paragraphs: [`Bitte bestätigen Sie, dass ${email} Ihre E-Mail-Adresse ist.`],
    action: 'Adresse bestätigen',
    notes: [ignore],
  }),
  reset_password: ({ shop }) => ({
    subject: `Neues Passwort für ${shop}`,
    preview: 'Sie haben ein neues Passwort angefordert.',
    heading: 'Neues Passwort setzen',
    paragraphs: ['Für Ihr Konto wurde ein neues Passwort angefordert. Mit diesem Link setzen Sie es:'],
    action: 'Neues Passwort setzen',
    notes: [ignore],
  }),
  confirm_new_email: ({ shop, email }) => ({
    subject: `Bestätigen Sie Ihre neue E-Mail-Adresse für ${shop}`,
    preview: 'Mit diesem Link gilt die neue Adresse.',
    heading: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
    paragraphs: [`Ihr Konto soll die Adresse ${email} bekommen. Sie gilt, sobald Sie diesen Link öffnen:`],
    action: 'Adresse bestätigen',
    notes: [ignore],
  }),
  email_changed: ({ shop }) => ({
    subject: `Die E-Mail-Adresse Ihres Kontos bei ${shop} wurde geändert`,
    preview: 'Mails gehen ab jetzt an die neue Adresse.',
    heading: 'Ihre E-Mail-Adresse wurde geändert',
    paragraphs: ['Die E-Mail-Adresse Ihres Kontos wurde geändert. Mails gehen ab jetzt an die neue Adresse.'],
    notes: [notYou],
  }),
  password_changed: ({ shop }) => ({
    subject: `Das Passwort Ihres Kontos bei ${shop} wurde geändert`,
    preview: 'Ein neues Passwort wurde gesetzt.',
    heading: 'Ihr Passwort wurde geändert',
    paragraphs: ['Für Ihr Konto wurde ein neues Passwort gesetzt.'],
    notes: [notYou],
  }),
  new_sign_in: ({ shop }) => ({
    subject: `Neue Anmeldung in Ihrem Konto bei ${shop}`,
    preview: 'Jemand hat sich mit einem unbekannten Browser angemeldet.',
    heading: 'Neue Anmeldung',
    paragraphs: ['Jemand hat sich in Ihrem Konto mit einem Browser angemeldet, den wir noch nicht kennen.'],
    notes: [notYou],
  }),
  second_factor_on: ({ shop }) =>
    factorsChanged(
      `Anmeldung in zwei Schritten bei ${shop} eingeschaltet`,
      'Ihr Konto hat einen zweiten Faktor',
      'Ab jetzt braucht eine Anmeldung mit Ihrem Passwort auch einen Code Ihrer Authenticator-App. Bewahren Sie die Wiederherstellungscodes dort auf, wo Sie sie ohne Ihr Telefon finden.',
    ),
  second_factor_off: ({ shop }) =>
    factorsChanged(
      `Anmeldung in zwei Schritten bei ${shop} ausgeschaltet`,
      'Ihr Konto hat keinen zweiten Faktor mehr',
      'Die Authenticator-App Ihres Kontos wurde entfernt. Ab jetzt braucht eine Anmeldung nur Ihr Passwort.',
    ),
  second_factor_removed: ({ shop }) =>
    factorsChanged(
      `Die zweiten Faktoren Ihres Kontos bei ${shop} wurden entfernt`,
      'Ihre zweiten Faktoren wurden entfernt',
      'Der Betreiber des Shops hat die Authenticator-App, die Wiederherstellungscodes und die Passkeys Ihres Kontos entfernt. Sie können sich mit Ihrem Passwort anmelden und sie neu einrichten.',
    ),
  recovery_code_used: ({ shop }) =>
    factorsChanged(
      `Ein Wiederherstellungscode Ihres Kontos bei ${shop} wurde benutzt`,
      'Ein Wiederherstellungscode wurde benutzt',
      'Jemand hat einen der Wiederherstellungscodes Ihres Kontos benutzt. Jeder gilt einmal.',
    ),
  passkey_added: ({ shop }) =>
    factorsChanged(
      `Ein Passkey wurde Ihrem Konto bei ${shop} hinzugefügt`,
      'Ein Passkey wurde hinzugefügt',
      'Ihrem Konto wurde ein Passkey hinzugefügt. Er meldet ohne das Passwort an.',
    ),
  provider_connected: ({ shop }) =>
    factorsChanged(
      `Ein Anmeldedienst wurde mit Ihrem Konto bei ${shop} verbunden`,
      'Ein Anmeldedienst wurde verbunden',
      'Ein Konto bei einem Anmeldedienst wurde mit Ihrem Konto verbunden. Es meldet ohne das Passwort an.',
    ),
  provider_disconnected: ({ shop }) =>
    factorsChanged(
      `Ein Anmeldedienst wurde von Ihrem Konto bei ${shop} getrennt`,
      'Ein Anmeldedienst wurde getrennt',
      'Ein Konto bei einem Anmeldedienst wurde von Ihrem Konto getrennt. Es meldet nicht mehr an.',
    ),
  account_erased: ({ shop }) => ({
    subject: 'Ihr Konto wurde gelöscht',
    preview: 'Ihr Name, Ihre Adressen und Ihr Passwort sind entfernt.',
    heading: 'Ihr Konto wurde gelöscht',
    paragraphs: [
      `Ihr Konto bei ${shop} wurde gelöscht, mit Ihrem Namen, Ihren Adressen und Ihrem Passwort. Sie können sich damit nicht mehr anmelden.`,
      'Von Ihren Bestellungen behalten wir, was das Gesetz für die Bücher verlangt: Beträge, Artikel und die Rechnungsadresse. Eine Bestellung, die noch unterwegs ist, wird geliefert; danach werden ihre Kontaktdaten entfernt.',
      'Dies ist die letzte E-Mail. Auch diese Adresse entfernen wir, sobald sie versandt ist.',
    ],
    notes: ['Wenn Sie das nicht wollten, antworten Sie bitte bald auf diese E-Mail.'],
  }),
  invitation: ({ shop }) => ({
    subject: `Sie sind zu ${shop} eingeladen`,
    preview: 'Nehmen Sie die Einladung an, in diesem Shop zu arbeiten.',
    heading: `Sie sind zu ${shop} eingeladen`,
    paragraphs: [`Sie sind eingeladen, im Shop ${shop} zu arbeiten. Mit diesem Link nehmen Sie an:`],
    action: 'Einladung annehmen',
    notes: ['Wissen Sie nicht, worum es geht, brauchen Sie nichts zu tun.'],
  }),
};
