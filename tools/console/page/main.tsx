import './language.ts';
import { render } from 'preact';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PlatformView } from '../views/platform-view.ts';
import { AlertsPage } from './alerts-page.tsx';
import { signIn, useAnswer, useLivePlatform } from './api.ts';
import { EdgePage } from './edge-page.tsx';
import { Note } from './parts.tsx';
import { Link, usePlace } from './place.tsx';
import { PlatformPage } from './platform-page.tsx';
import { PurchasePage } from './purchase-page.tsx';
import { QueryPage } from './query-page.tsx';
import { RunsPage } from './runs-page.tsx';

const QUESTIONS = [
  ['/', 'What broke first?'],
  ['/purchase', 'What happened to this purchase?'],
  ['/runs', 'What did my change do?'],
  ['/alerts', 'Can my alerts see?'],
] as const;

const OTHERS: Readonly<Record<string, string>> = {
  '/edge': 'How is this edge?',
  '/query': 'What does this query give?',
};

function Console(): JSX.Element {
  const place = usePlace();
  const { pathname } = place;
  const question = QUESTIONS.find(([address]) => address === pathname)?.[1] ?? OTHERS[pathname];
  useEffect(() => {
    document.title = `${question ?? 'Nothing here'} – Meridian`;
  }, [question]);
  return (
    <>
      <a class="skip" href="#view">
        Skip to the answer
      </a>
      <header>
        <strong>Meridian</strong>
        <nav aria-label="Questions">
          {QUESTIONS.map(([address, words]) => (
            <Link key={address} to={address} current={address === pathname}>
              {words}
            </Link>
          ))}
        </nav>
      </header>
      <main id="view" tabIndex={-1}>
        <h1>{question ?? 'Nothing is at this address'}</h1>
        <View place={place} />
      </main>
    </>
  );
}

function View({ place }: { readonly place: URL }): JSX.Element {
  const given = (name: string): string => place.searchParams.get(name) ?? '';
  switch (place.pathname) {
    case '/':
    case '/edge':
      return <Live id={place.pathname === '/edge' ? given('id') : null} />;
    case '/purchase':
      return <PurchasePage key={given('id')} id={given('id')} />;
    case '/runs':
      return <RunsPage before={given('before')} after={given('after')} />;
    case '/alerts':
      return <AlertsPage />;
    case '/query':
      return <QueryPage text={given('text')} spanSeconds={Number(given('span') || 3_600)} />;
    default:
      return <Link to="/">What broke first?</Link>;
  }
}

function Live({ id }: { readonly id: string | null }): JSX.Element {
  // Says why where nothing is sent: a stream of events cannot.
  const asked = useAnswer<PlatformView>('/api/platform');
  const { value, isLost } = useLivePlatform();
  const view = value ?? (asked.is === 'there' ? asked.value : null);
  if (asked.is === 'refused') return <Note tone="bad">{asked.message}</Note>;
  return (
    <>
      {isLost ? (
        <Note tone="bad">The console does not answer; what is shown is what it said last.</Note>
      ) : null}
      {id === null ? <PlatformPage view={view} /> : <EdgePage view={view} id={id} />}
    </>
  );
}

const place = document.querySelector('#console');
if (place !== null) void signIn().finally(() => render(<Console />, place));
