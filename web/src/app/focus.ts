/**
 * Keeps the focus from being lost. What has it may go: a line that is taken out of the cart, the button of something that is
 * done. A browser then leaves the focus nowhere, and a screen reader at the top of the page; here it goes to the nearest thing
 * around that is still there, from where the Tab key leads on to what came after. Returns how to stop.
 */
export function keepFocusNear(): () => void {
  /** What has the focus, and all that is around it up to the page or dialog. */
  let around: readonly HTMLElement[] = [];
  const note = ({ target }: FocusEvent) => {
    around = target instanceof HTMLElement ? withParents(target) : [];
  };
  // Some browsers tell of the loss just before the element is taken out: whether the reader has left it, or it them, is known after.
  const forget = ({ target }: FocusEvent) =>
    queueMicrotask(() => {
      if (target === around[0] && around[0].isConnected) around = [];
    });
  const recover = () => {
    const [held, ...others] = around;
    if (!held || held.isConnected || document.activeElement !== document.body) return;
    const near = others.find((one) => one.isConnected) ?? document.querySelector('main');
    if (!near) return;
    if (!near.hasAttribute('tabindex')) near.tabIndex = -1;
    near.focus({ preventScroll: true });
  };
  // A moment later, since a dialog that closes gives the focus back by itself.
  const observer = new MutationObserver(() => {
    if (around[0]?.isConnected === false) setTimeout(recover);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', note);
  document.addEventListener('focusout', forget);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', note);
    document.removeEventListener('focusout', forget);
  };
}

function withParents(element: HTMLElement): HTMLElement[] {
  const isWhole = element.matches('main, [role="dialog"], body');
  const parent = element.parentElement;
  return isWhole || !parent ? [element] : [element, ...withParents(parent)];
}
