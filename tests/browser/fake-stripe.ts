import type { Page } from 'playwright-core';

/** Stands for js.stripe.com: a form with one field, a first card that is declined, and a second one that is accepted. */
const script = `
  let tries = 0;
  const element = () => {
    let form;
    return {
      on(event, listener) { if (event === 'ready') setTimeout(listener); },
      off() {}, once() {}, update() {}, unmount() {}, blur() {}, focus() {}, clear() {},
      destroy() { form?.remove(); },
      mount(target) {
        form = document.createElement('label');
        form.textContent = 'Card number of the fake form ';
        form.append(document.createElement('input'));
        target.append(form);
      },
    };
  };
  globalThis.Stripe = (key) => {
    globalThis.stripeKey = key;
    return {
      createToken() {}, createPaymentMethod() {}, confirmCardPayment() {}, registerAppInfo() {}, _registerWrapper() {},
      elements(options) {
        globalThis.stripeOptions = options;
        return { create: element, getElement() {}, update() {}, on() {}, submit: async () => ({}) };
      },
      async confirmPayment({ confirmParams }) {
        globalThis.stripeReturnUrl = confirmParams.return_url;
        tries += 1;
        return tries === 1 ? { error: { message: 'Your card has insufficient funds.' } } : { paymentIntent: { status: 'succeeded' } };
      },
    };
  };
`;

/** Serves it in the place of js.stripe.com; answers what was asked for there. */
export async function serveFakeStripe(page: Page): Promise<string[]> {
  const asked: string[] = [];
  await page.route('https://*.stripe.com/**', (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: 'text/javascript', body: script });
  });
  return asked;
}
