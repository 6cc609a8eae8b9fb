import type { JSX } from 'preact';
import type { GraphLayout } from '../layout/graph-layout.ts';
import type { EdgeView, PlatformView } from '../views/platform-view.ts';
import { useAnswer } from './api.ts';
import { Drawing } from './drawing.tsx';
import { EDGE_STATES, EDGE_TONES, edgeAddress, failureWords } from './edge-words.ts';
import { clock, duration, percent, rate } from './format.ts';
import { Command, Figure, Note, State, Stores } from './parts.tsx';
import { Link } from './place.tsx';
import { Rows } from './rows.tsx';
import type { Column } from './rows.tsx';

/** What broke first? */
export function PlatformPage({ view }: { readonly view: PlatformView | null }): JSX.Element {
  const layout = useAnswer<GraphLayout>('/api/layout');
  if (view === null) return <Note>Asking what was seen…</Note>;
  return (
    <>
      <Verdict view={view} />
      <Stores stores={view.stores} nowMs={view.atMs} />
      {layout.is === 'there' ? <Drawing layout={layout.value} view={view} /> : null}
      <EdgeTable edges={ordered(view.edges)} />
    </>
  );
}

function Verdict({ view }: { readonly view: PlatformView }): JSX.Element {
  const first = view.edges.find(({ id }) => id === view.first);
  const after = view.edges.filter(({ role, failing }) => role === 'after' && failing !== null);
  switch (view.state) {
    case 'starting':
      return (
        <Note>
          Starting: nothing of the platform has been scraped yet. That takes some 15 seconds.
        </Note>
      );
    case 'away':
      return <Note tone="bad">Nobody can tell: the store of metrics does not answer.</Note>;
    case 'quiet':
      return (
        <Note>
          Nothing fails, and there was no traffic in the last {duration(view.windowSeconds)}.{' '}
          <Command text="npm run shop -- --rate 5 --for 60s" />
        </Note>
      );
    case 'well':
      return <Note>Nothing fails.</Note>;
    case 'failing':
      return first === undefined ? (
        <Note tone="bad">Something fails.</Note>
      ) : (
        <Note tone="bad">
          <strong>
            {first.from} → {first.to}
          </strong>{' '}
          broke first{first.sinceMs === null ? '' : `, at ${clock(first.sinceMs)}`}:{' '}
          {failureWords(first)}. {after.length === 0 ? 'Nothing else' : `${after.length} more`}{' '}
          because of it. <Link to={edgeAddress(first.id)}>Look at it</Link>
        </Note>
      );
  }
}

/** What broke first, what else fails, what is odd, and all the rest. */
function ordered(edges: readonly EdgeView[]): readonly EdgeView[] {
  const rank = ({ role, failing, state }: EdgeView): number => {
    if (role === 'first') return 0;
    if (failing !== null) return role === 'other' ? 1 : 2;
    return state === 'undeclared' || state === 'refused' ? 3 : 4;
  };
  return edges.toSorted((one, other) => rank(one) - rank(other));
}

const EDGE_COLUMNS: readonly Column<EdgeView>[] = [
  {
    head: 'Edge',
    names: true,
    of: ({ id, from, to, about }) => (
      <>
        <Link to={edgeAddress(id)}>
          {from} → {to}
        </Link>
        {about === '' || about === from ? null : <small> {about}</small>}
      </>
    ),
  },
  {
    head: 'State',
    of: ({ failing, state, role }) => (
      <State
        is={failing === null ? EDGE_STATES[state] : `fails${role === 'first' ? ' first' : ''}`}
        tone={failing === null ? EDGE_TONES[state] : 'bad'}
      />
    ),
  },
  { head: 'Rate', of: (edge) => <Figure told={edge.rate} as={rate} /> },
  {
    head: 'Errors',
    look: ({ failing }) => (failing === 'errors' ? 'over' : ''),
    of: (edge) => <Figure told={edge.errors} as={percent} />,
  },
  {
    head: 'p99, or oldest waiting',
    look: ({ failing }) => (failing === 'slow' ? 'over' : ''),
    of: (edge) => <Figure told={edge.slowest} as={duration} />,
  },
  { head: 'Command', of: ({ command }) => <Command text={command} /> },
];

function EdgeTable({ edges }: { readonly edges: readonly EdgeView[] }): JSX.Element {
  return (
    <Rows
      caption="Every edge, of the last five minutes"
      columns={EDGE_COLUMNS}
      rows={edges}
      keyOf={({ id }) => id}
      look={({ role }) => role}
    />
  );
}
