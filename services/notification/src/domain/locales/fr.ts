import type { MailTexts, Texts } from './texts.ts';

const notYou = 'Si ce n’était pas vous, changez tout de suite votre mot de passe et écrivez-nous.';
const ignore = 'Si vous n’avez rien demandé, ignorez ce message : rien ne change.';

/** What an account signs in with has changed; the mails differ in their words only. */
const factorsChanged = (subject: string, heading: string, text: string): MailTexts => ({
  ...{ subject, preview: text, heading },
  ...{ paragraphs: [text], notes: [notYou] },
});

export const fr: Texts = {
  hello: (name) => (name === '' ? 'Bonjour,' : `Bonjour ${name},`),
  labels: {
    subtotal: 'Sous-total',
    discount: 'Remise',
    shipping: 'Livraison',
    taxExemption: 'Exonération de taxe',
    tax: 'Taxe',
    taxIncluded: 'Dont taxe',
    total: 'Total',
    carrier: 'Transporteur',
    trackingNumber: 'Numéro de suivi',
    payBy: 'À payer avant le',
    amount: 'Montant',
    time: 'Date et heure',
    device: 'Navigateur',
    provider: 'Service',
    newEmail: 'Nouvelle adresse',
    sku: 'Référence',
    available: 'Disponible',
  },
  linkBelow: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
  linkHidden: 'Seul le destinataire voit le lien de ce message.',
  trackingLink: 'Suivre le colis',
  unsubscribe: 'Ne plus recevoir ce type de message',
  validUntil: (time) => `Le lien est valable jusqu’au ${time} et ne sert qu’une fois.`,
  order_confirmed: ({ number, shop }) => ({
    subject: `Votre commande ${number} est confirmée`,
    preview: `Merci pour votre commande chez ${shop}.`,
    heading: 'Merci pour votre commande',
    paragraphs: [`Votre commande ${number} est confirmée. Nous vous écrirons de nouveau quand elle sera expédiée.`],
    action: 'Voir la commande',
  }),
  payment_needed: {
    transfer: ({ number, payBy }) => ({
      subject: `Veuillez payer votre commande ${number}`,
      preview: `Nous vous réservons les articles jusqu’au ${payBy}.`,
      heading: 'Veuillez faire le virement',
      paragraphs: [
        `Nous avons reçu votre commande ${number} et vous réservons les articles jusqu’au ${payBy}. Veuillez virer le total :`,
      ],
      action: 'Voir la commande',
    }),
    declined: ({ number, payBy }) => ({
      subject: `Le paiement de votre commande ${number} a échoué`,
      preview: `Vous pouvez payer autrement jusqu’au ${payBy}.`,
      heading: 'Le paiement a échoué',
      paragraphs: [
        `Le paiement de votre commande ${number} a échoué. Vous pouvez payer autrement jusqu’au ${payBy} ; après, la commande est annulée.`,
      ],
      action: 'Payer maintenant',
    }),
    action: ({ number, payBy }) => ({
      subject: `Votre banque vous demande de confirmer le paiement de la commande ${number}`,
      preview: `Veuillez le confirmer avant le ${payBy}.`,
      heading: 'Veuillez confirmer le paiement',
      paragraphs: [
        `Votre banque vous demande de confirmer le paiement de votre commande ${number}. Veuillez le faire avant le ${payBy} ; après, la commande est annulée.`,
      ],
      action: 'Confirmer le paiement',
    }),
  },
  order_sent: ({ number, complete }) => ({
    subject: complete ? `Votre commande ${number} est en route` : `Une partie de votre commande ${number} est en route`,
    preview: complete ? 'Tout est expédié.' : 'Le reste sera expédié plus tard.',
    heading: 'Votre colis est en route',
    paragraphs: [
      complete
        ? `Nous avons expédié ce colis de votre commande ${number}. Tout est maintenant en route.`
        : `Nous avons expédié ce colis de votre commande ${number}. Le reste sera expédié plus tard.`,
    ],
    action: 'Voir la commande',
  }),
  order_delivered: ({ number, shop }) => ({
    subject: `Votre commande ${number} est livrée`,
    preview: `Merci pour votre achat chez ${shop}.`,
    heading: 'Votre commande est livrée',
    paragraphs: [`Votre commande ${number} est livrée. Nous espérons qu’elle vous plaira.`],
    action: 'Voir la commande',
  }),
  order_cancelled: ({ number }) => ({
    subject: `Votre commande ${number} est annulée`,
    preview: 'L’argent déjà versé vous est remboursé.',
    heading: 'Votre commande est annulée',
    paragraphs: [
      `Votre commande ${number} est annulée et ne sera pas expédiée. Si vous avez déjà payé, nous vous remboursons et vous écrivons de nouveau.`,
    ],
    action: 'Voir la commande',
  }),
  order_rejected: ({ number }) => ({
    subject: `Nous ne pouvons pas livrer votre commande ${number}`,
    preview: 'Aucun argent n’a été prélevé.',
    heading: 'Nous ne pouvons pas livrer votre commande',
    paragraphs: [
      `Un article de votre commande ${number} n’est plus disponible, nous ne pouvons donc pas la livrer. Aucun argent n’a été prélevé. Nous en sommes désolés.`,
    ],
    action: 'Voir la commande',
  }),
  order_refunded: ({ number, amount }) => ({
    subject: `Remboursement de votre commande ${number}`,
    preview: `Nous vous remboursons ${amount}.`,
    heading: 'Votre remboursement',
    paragraphs: [
      `Nous vous remboursons ${amount} pour votre commande ${number}, par le moyen de paiement que vous avez utilisé. Les banques peuvent mettre quelques jours.`,
    ],
    action: 'Voir la commande',
  }),
  return_received: ({ number, isRefunded }) => ({
    subject: `Retour reçu pour votre commande ${number}`,
    preview: isRefunded ? 'Nous vous remboursons ce que vous avez payé.' : 'Votre retour est arrivé.',
    heading: 'Nous avons reçu votre retour',
    paragraphs: [
      isRefunded
        ? `Nous avons reçu ces articles de votre commande ${number} en retour. Nous vous remboursons ce que vous avez payé et vous écrivons de nouveau pour le montant.`
        : `Nous avons reçu ces articles de votre commande ${number} en retour.`,
    ],
    action: 'Voir la commande',
  }),
  new_order: ({ number, units }) => ({
    subject: `Nouvelle commande ${number}`,
    preview: units === 1 ? 'Un de vos articles est vendu.' : `${units} de vos articles sont vendus.`,
    heading: 'Vous avez vendu quelque chose',
    paragraphs: [`La commande ${number} est confirmée. Voici vos lignes :`],
    action: 'Ouvrir la commande',
  }),
  low_stock: ({ title, available }) => ({
    subject: available === 0 ? `Épuisé : ${title}` : `Stock faible : ${title}`,
    preview: available === 0 ? 'Il ne reste rien à vendre.' : `Reste à vendre : ${available}.`,
    heading: available === 0 ? 'Épuisé' : 'Stock faible',
    paragraphs: [
      available === 0
        ? `La dernière unité de ${title} est réservée pour une commande. La boutique affiche l’article comme épuisé jusqu’à ce que vous ajoutiez du stock.`
        : `Après une commande, il reste ${available} unités de ${title}. La boutique les vend, puis affiche l’article comme épuisé jusqu’à ce que vous ajoutiez du stock.`,
    ],
    action: 'Ouvrir l’article',
  }),
  verify_email: ({ shop, email }) => ({
    subject: `Confirmez votre adresse e-mail pour ${shop}`,
    preview: 'Un clic, et votre compte est complet.',
    heading: 'Confirmez votre adresse e-mail',
    paragraphs: [`Veuillez confirmer que ${email} est votre adresse e-mail.`],
    action: 'Confirmer l’adresse',
    notes: [ignore],
  }),
  reset_password: ({ shop }) => ({
    subject: `Nouveau mot de passe pour ${shop}`,
    preview: 'Vous avez demandé un nouveau mot de passe.',
    heading: 'Choisir un nouveau mot de passe',
    paragraphs: ['Un nouveau mot de passe a été demandé pour votre compte. Ce lien vous permet de le choisir :'],
    action: 'Choisir un nouveau mot de passe',
    notes: [ignore],
  }),
  confirm_new_email: ({ shop, email }) => ({
    subject: `Confirmez votre nouvelle adresse e-mail pour ${shop}`,
    preview: 'La nouvelle adresse est valable avec ce lien.',
    heading: 'Confirmez votre nouvelle adresse e-mail',
    paragraphs: [`Votre compte doit avoir l’adresse ${email}. Elle est valable dès que vous ouvrez ce lien :`],
    action: 'Confirmer l’adresse',
    notes: [ignore],
  }),
  email_changed: ({ shop }) => ({
    subject: `L’adresse e-mail de votre compte chez ${shop} a changé`,
    preview: 'Les messages vont désormais à la nouvelle adresse.',
    heading: 'Votre adresse e-mail a changé',
    paragraphs: ['L’adresse e-mail de votre compte a changé. Les messages vont désormais à la nouvelle adresse.'],
    notes: [notYou],
  }),
  password_changed: ({ shop }) => ({
    subject: `Le mot de passe de votre compte chez ${shop} a changé`,
    preview: 'Un nouveau mot de passe a été choisi.',
    heading: 'Votre mot de passe a changé',
    paragraphs: ['Un nouveau mot de passe a été choisi pour votre compte.'],
    notes: [notYou],
  }),
  new_sign_in: ({ shop }) => ({
    subject: `Nouvelle connexion à votre compte chez ${shop}`,
    preview: 'Quelqu’un s’est connecté avec un navigateur inconnu.',
    heading: 'Nouvelle connexion',
    paragraphs: ['Quelqu’un s’est connecté à votre compte avec un navigateur que nous ne connaissons pas encore.'],
    notes: [notYou],
  }),
  second_factor_on: ({ shop }) =>
    factorsChanged(
      `La connexion en deux étapes est activée chez ${shop}`,
      'Votre compte a un second facteur',
      'Désormais, une connexion avec votre mot de passe demande aussi un code de votre application d’authentification. Gardez les codes de secours là où vous les trouvez sans votre téléphone.',
    ),
  second_factor_off: ({ shop }) =>
    factorsChanged(
      `La connexion en deux étapes est désactivée chez ${shop}`,
      'Votre compte n’a plus de second facteur',
      'L’application d’authentification de votre compte a été retirée. Désormais, une connexion ne demande que votre mot de passe.',
    ),
  second_factor_removed: ({ shop }) =>
    factorsChanged(
      `Les seconds facteurs de votre compte chez ${shop} ont été retirés`,
      'Vos seconds facteurs ont été retirés',
      'L’exploitant de la boutique a retiré l’application d’authentification, les codes de secours et les clés d’accès de votre compte. Vous pouvez vous connecter avec votre mot de passe et les configurer de nouveau.',
    ),
  recovery_code_used: ({ shop }) =>
    factorsChanged(
      `Un code de secours de votre compte chez ${shop} a été utilisé`,
      'Un code de secours a été utilisé',
      'Quelqu’un a utilisé un des codes de secours de votre compte. Chacun ne sert qu’une fois.',
    ),
  passkey_added: ({ shop }) =>
    factorsChanged(
      `Une clé d’accès a été ajoutée à votre compte chez ${shop}`,
      'Une clé d’accès a été ajoutée',
      'Une clé d’accès a été ajoutée à votre compte. Elle permet de se connecter sans le mot de passe.',
    ),
  provider_connected: ({ shop }) =>
    factorsChanged(
      `Un service de connexion a été relié à votre compte chez ${shop}`,
      'Un service de connexion a été relié',
      'Un compte auprès d’un service de connexion a été relié à votre compte. Il permet de se connecter sans le mot de passe.',
    ),
  provider_disconnected: ({ shop }) =>
    factorsChanged(
      `Un service de connexion a été dissocié de votre compte chez ${shop}`,
      'Un service de connexion a été dissocié',
      'Un compte auprès d’un service de connexion a été dissocié de votre compte. Il ne permet plus de se connecter.',
    ),
  account_erased: ({ shop }) => ({
    subject: 'Votre compte est supprimé',
    preview: 'Votre nom, vos adresses et votre mot de passe sont supprimés.',
    heading: 'Votre compte est supprimé',
    paragraphs: [
      `Votre compte chez ${shop} est supprimé, avec votre nom, vos adresses et votre mot de passe. Vous ne pouvez plus vous y connecter.`,
      'De vos commandes, nous gardons ce que la loi exige pour la comptabilité : montants, articles et adresse de facturation. Une commande encore en route est livrée ; ses coordonnées sont supprimées ensuite.',
      'Ceci est le dernier message. Nous supprimons aussi cette adresse dès qu’il est envoyé.',
    ],
    notes: ['Si vous ne le vouliez pas, répondez vite à ce message.'],
  }),
  invitation: ({ shop }) => ({
    subject: `Vous êtes invité à rejoindre ${shop}`,
    preview: 'Acceptez l’invitation à travailler dans cette boutique.',
    heading: `Vous êtes invité à rejoindre ${shop}`,
    paragraphs: [`Vous êtes invité à travailler dans la boutique ${shop}. Ce lien vous permet d’accepter :`],
    action: 'Accepter l’invitation',
    notes: ['Si vous ne savez pas de quoi il s’agit, ignorez ce message.'],
  }),
};
