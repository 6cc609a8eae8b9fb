import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const MOVED = 'meridian-moved';

/** Goes to another view; its address is in the history. */
export function go(address: string): void {
  history.pushState(null, '', address);
  window.dispatchEvent(new Event(MOVED));
}

/** Where the page is. */
export function usePlace(): URL {
  const [place, setPlace] = useState(() => new URL(location.href));
  useEffect(() => {
    const moved = (): void => setPlace(new URL(location.href));
    window.addEventListener('popstate', moved);
    window.addEventListener(MOVED, moved);
    return () => {
      window.removeEventListener('popstate', moved);
      window.removeEventListener(MOVED, moved);
    };
  }, []);
  return place;
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
}

/** A link within the page, which also opens in another tab. */
export function Link({ to, children, current, label, ...others }: LinkProps): JSX.Element {
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a
      href={to}
      onClick={follow}
      aria-current={current === true ? 'page' : undefined}
      aria-label={label}
      {...others}
    >
      {children}
    </a>
  );
}

/** The address of a query's view. */
export function queryAddress(text: string): string {
  return `/query?${new URLSearchParams({ text }).toString()}`;
}

/** The address of what happened under an id. */
export function purchaseAddress(id: string): string {
  return `/purchase?${new URLSearchParams({ id }).toString()}`;
}
