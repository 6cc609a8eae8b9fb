import { useEffect, useState } from 'preact/hooks';
import type { PlatformView } from '../views/platform-view.ts';

/** How an answer of the console is: on its way, there, or refused with words for people. */
export type Answer<T> =
  | { readonly is: 'asked' }
  | { readonly is: 'there'; readonly value: T }
  | { readonly is: 'refused'; readonly status: number; readonly message: string };

/** Asks the console again whenever `path` changes; null asks nothing. */
export function useAnswer<T>(path: string | null): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ is: 'asked' });
  useEffect(() => {
    if (path === null) return undefined;
    const asked = new AbortController();
    setAnswer({ is: 'asked' });
    void ask<T>(path, asked.signal).then((given) => {
      if (!asked.signal.aborted) setAnswer(given);
    });
    return () => asked.abort();
  }, [path]);
  return answer;
}

async function ask<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { signal });
    const body: unknown = await response.json();
    if (response.ok) return { is: 'there', value: body as T };
    const { message } = body as { readonly message: string };
    return { is: 'refused', status: response.status, message };
  } catch {
    return { is: 'refused', status: 0, message: 'The console does not answer; does it run?' };
  }
}

interface LivePlatform {
  readonly value: PlatformView | null;
  readonly isLost: boolean;
}

/** The platform, which is sent again and again; `isLost` while the console does not answer. */
export function useLivePlatform(): LivePlatform {
  const [value, setValue] = useState<PlatformView | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const source = new EventSource('/api/live');
    source.addEventListener('platform', ({ data }: MessageEvent<string>) => {
      setLost(false);
      setValue(JSON.parse(data) as PlatformView);
    });
    source.addEventListener('error', () => setLost(true));
    return () => source.close();
  }, []);
  return { value, isLost };
}

/** Exchanges the token behind the `#` for a cookie; the address loses it, and so does the history. */
export async function signIn(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  await fetch('/api/session', { method: 'POST', body: token });
}
