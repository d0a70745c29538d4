import type { MailTexts, Texts } from './texts.ts';

const notYou = 'If this was not you, change your password at once and write to us.';
const ignore = 'If you did not ask for this, ignore this mail: nothing changes.';

/** What an account signs in with has changed; the mails differ in their words only. */
const factorsChanged = (subject: string, heading: string, text: string): MailTexts => ({
  ...{ subject, preview: text, heading },
  ...{ paragraphs: [text], notes: [notYou] },
});

export const en: Texts = {
  hello: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  labels: {
    subtotal: 'Subtotal',
    discount: 'Discount',
    shipping: 'Shipping',
    taxExemption: 'Tax exemption',
    tax: 'Tax',
    taxIncluded: 'Tax included',
    total: 'Total',
    carrier: 'Carrier',
    trackingNumber: 'Tracking number',
    payBy: 'Pay by',
    amount: 'Amount',
    time: 'Time',
    device: 'Browser',
    provider: 'Provider',
    newEmail: 'New address',
    sku: 'SKU',
    available: 'Available',
  },
  linkBelow: 'If the button does not work, open this address:',
  linkHidden: 'The link in this mail is shown to its reader only.',
  trackingLink: 'Track the parcel',
  unsubscribe: 'Get no more mails of this kind',
  validUntil: (time) => `The link is valid until ${time} and works once.`,
  order_confirmed: ({ number, shop }) => ({
    subject: `Your order ${number} is confirmed`,
    preview: `Thank you for your order at ${shop}.`,
    heading: 'Thank you for your order',
    paragraphs: [`Your order ${number} is confirmed. We will write again when it is sent.`],
    action: 'View the order',
  }),
  payment_needed: {
    transfer: ({ number, payBy }) => ({
      subject: `Please pay for your order ${number}`,
      preview: `We hold the goods for you until ${payBy}.`,
      heading: 'Please transfer the money',
      paragraphs: [
        `We have your order ${number} and hold the goods for you until ${payBy}. Please transfer the total:`,
      ],
      action: 'View the order',
    }),
    declined: ({ number, payBy }) => ({
      subject: `The payment for your order ${number} failed`,
      preview: `You can pay in another way until ${payBy}.`,
      heading: 'The payment failed',
      paragraphs: [
        `We could not take the money for your order ${number}. You can pay in another way until ${payBy}; after that the order is cancelled.`,
      ],
      action: 'Pay now',
    }),
    action: ({ number, payBy }) => ({
      subject: `Your bank asks you to confirm the payment for order ${number}`,
      preview: `Please confirm it until ${payBy}.`,
      heading: 'Please confirm the payment',
      paragraphs: [
        `Your bank asks you to confirm the payment for your order ${number}. Please do so until ${payBy}; after that the order is cancelled.`,
      ],
      action: 'Confirm the payment',
    }),
  },
  order_sent: ({ number, complete }) => ({
    subject: complete ? `Your order ${number} is on its way` : `A part of your order ${number} is on its way`,
    preview: complete ? 'Everything has been sent.' : 'The rest is sent later.',
    heading: 'Your parcel is on its way',
    paragraphs: [
      complete
        ? `We have sent this parcel of your order ${number}. Nothing is left to be sent.`
        : `We have sent this parcel of your order ${number}. The rest is sent later.`,
    ],
    action: 'View the order',
  }),
  order_delivered: ({ number, shop }) => ({
    subject: `Your order ${number} was delivered`,
    preview: `Thank you for buying at ${shop}.`,
    heading: 'Your order was delivered',
    paragraphs: [`Your order ${number} was delivered. We hope that you like it.`],
    action: 'View the order',
  }),
  order_cancelled: ({ number }) => ({
    subject: `Your order ${number} was cancelled`,
    preview: 'Money that was taken is given back.',
    heading: 'Your order was cancelled',
    paragraphs: [
      `Your order ${number} was cancelled and is not sent. If money was taken, it is given back, and we write again about it.`,
    ],
    action: 'View the order',
  }),
  order_rejected: ({ number }) => ({
    subject: `We cannot deliver your order ${number}`,
    preview: 'No money was taken.',
    heading: 'We cannot deliver your order',
    paragraphs: [
      `Something in your order ${number} is not to be had any more, so we cannot deliver it. No money was taken. We are sorry.`,
    ],
    action: 'View the order',
  }),
  order_refunded: ({ number, amount }) => ({
    subject: `Refund for your order ${number}`,
    preview: `We give back ${amount}.`,
    heading: 'Your refund',
    paragraphs: [`We give back ${amount} for your order ${number}, in the way you paid. Banks may take a few days.`],
    action: 'View the order',
  }),
  return_received: ({ number, isRefunded }) => ({
    subject: `Return received for your order ${number}`,
    preview: isRefunded ? 'We give back what you paid for it.' : 'What you sent back has arrived.',
    heading: 'We have received your return',
    paragraphs: [
      isRefunded
        ? `This came back to us from your order ${number}. We give back what you paid for it, and write again about the amount.`
        : `This came back to us from your order ${number}.`,
    ],
    action: 'View the order',
  }),
  new_order: ({ number, units }) => ({
    subject: `New order ${number}`,
    preview: units === 1 ? 'One unit of yours was sold.' : `${units} units of yours were sold.`,
    heading: 'You have sold something',
    paragraphs: [`Order ${number} is confirmed. These are your lines:`],
    action: 'Open the order',
  }),
  low_stock: ({ title, available }) => ({
    subject: available === 0 ? `Sold out: ${title}` : `Low stock: ${title}`,
    preview: available === 0 ? 'Nothing is left to sell.' : `${available} left to sell.`,
    heading: available === 0 ? 'Sold out' : 'Low stock',
    paragraphs: [
      available === 0
        ? `The last unit of ${title} is reserved for an order. The shop shows it as sold out until you add stock.`
        : `An order has left ${available} of ${title}. The shop sells these, and then shows it as sold out until you add stock.`,
    ],
    action: 'Open the product',
  }),
  verify_email: ({ shop, email }) => ({
    subject: `Confirm your e-mail address for ${shop}`,
    preview: 'One click, and your account is complete.',
    heading: 'Confirm your e-mail address',
    paragraphs: [`Please confirm that ${email} is your e-mail address.`],
    action: 'Confirm the address',
    notes: [ignore],
  }),
  reset_password: ({ shop }) => ({
    subject: `Set a new password for ${shop}`,
    preview: 'You asked for a new password.',
    heading: 'Set a new password',
    paragraphs: ['Somebody asked to set a new password for your account. With this link you can do so:'],
    action: 'Set a new password',
    notes: [ignore],
  }),
  confirm_new_email: ({ shop, email }) => ({
    subject: `Confirm your new e-mail address for ${shop}`,
    preview: 'The new address takes effect with this link.',
    heading: 'Confirm your new e-mail address',
    paragraphs: [`Your account is to have the address ${email}. It takes effect when you open this link:`],
    action: 'Confirm the address',
    notes: [ignore],
  }),
  email_changed: ({ shop }) => ({
    subject: `The e-mail address of your account at ${shop} has changed`,
    preview: 'Mails go to the new address from now on.',
    heading: 'Your e-mail address has changed',
    paragraphs: ['The e-mail address of your account has changed. Mails go to the new address from now on.'],
    notes: [notYou],
  }),
  password_changed: ({ shop }) => ({
    subject: `The password of your account at ${shop} has changed`,
    preview: 'A new password was set.',
    heading: 'Your password has changed',
    paragraphs: ['A new password was set for your account.'],
    notes: [notYou],
  }),
  new_sign_in: ({ shop }) => ({
    subject: `New sign-in to your account at ${shop}`,
    preview: 'Somebody signed in from a browser that we do not know.',
    heading: 'New sign-in',
    paragraphs: ['Somebody signed in to your account from a browser that we have not seen before.'],
    notes: [notYou],
  }),
  second_factor_on: ({ shop }) =>
    factorsChanged(
      `Two-step sign-in is on at ${shop}`,
      'Your account has a second factor',
      'From now on a sign-in with your password also needs a code of your authenticator app. Keep the recovery codes where you find them without your telephone.',
    ),
  second_factor_off: ({ shop }) =>
    factorsChanged(
      `Two-step sign-in is off at ${shop}`,
      'Your account has no second factor any more',
      'The authenticator app of your account was removed. From now on a sign-in needs your password only.',
    ),
  second_factor_removed: ({ shop }) =>
    factorsChanged(
      `The second factors of your account at ${shop} were removed`,
      'Your second factors were removed',
      'An operator of the shop removed the authenticator app, the recovery codes and the passkeys of your account. You can sign in with your password and set them up again.',
    ),
  recovery_code_used: ({ shop }) =>
    factorsChanged(
      `A recovery code was used for your account at ${shop}`,
      'A recovery code was used',
      'Somebody used one of the recovery codes of your account. Each is good once.',
    ),
  passkey_added: ({ shop }) =>
    factorsChanged(
      `A passkey was added to your account at ${shop}`,
      'A passkey was added',
      'A passkey was added to your account. It signs in without the password.',
    ),
  provider_connected: ({ shop }) =>
    factorsChanged(
      `A sign-in provider was connected to your account at ${shop}`,
      'A sign-in provider was connected',
      'An account at a sign-in provider was connected to your account. It signs in without the password.',
    ),
  provider_disconnected: ({ shop }) =>
    factorsChanged(
      `A sign-in provider was disconnected from your account at ${shop}`,
      'A sign-in provider was disconnected',
      'An account at a sign-in provider was disconnected from your account. It does not sign in any more.',
    ),
  account_erased: ({ shop }) => ({
    subject: 'Your account is erased',
    preview: 'Your name, addresses and password are removed.',
    heading: 'Your account is erased',
    paragraphs: [
      `Your account at ${shop} is erased, with your name, addresses and password. You cannot sign in with it any more.`,
      'Of your orders we keep what the law demands for the books: amounts, items and the invoice address. An order that is still on its way is delivered; its contact data is removed afterwards.',
      'This is the last mail. We remove this address, too, once the mail is sent.',
    ],
    notes: ['If you did not want this, please answer this mail soon.'],
  }),
  invitation: ({ shop }) => ({
    subject: `You are invited to ${shop}`,
    preview: 'Accept the invitation to work in this shop.',
    heading: `You are invited to ${shop}`,
    paragraphs: [`You are invited to work in the shop ${shop}. With this link you accept:`],
    action: 'Accept the invitation',
    notes: ['If you do not know what this is about, ignore this mail.'],
  }),
};
