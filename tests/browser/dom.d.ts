// What tests call on elements inside a page. Without the DOM library, Playwright's own types leave elements open, until the types of React
// (services/notification) declare them as interfaces without members.
interface Element {
  readonly children: Iterable<HTMLElement> & ArrayLike<HTMLElement>;
  readonly isConnected: boolean;
  readonly textContent: string | null;
  title: string;
  getAttribute(name: string): string | null;
  matches(selectors: string): boolean;
}
