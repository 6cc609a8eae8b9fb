import type { JSX } from 'preact';
import type { GraphLayout } from '../layout/graph-layout.ts';
import type { EdgeView } from '../../telemetry/explain/edge-view.ts';
import type { Finding } from '../../telemetry/explain/finding.ts';
import type { PlatformView } from '../views/platform-view.ts';
import { useAnswer } from './api.ts';
import { Drawing } from './drawing.tsx';
import { EDGE_STATES, EDGE_TONES, edgeAddress } from './edge-words.ts';
import { clock, count, duration, percent, rate } from './format.ts';
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
      <EdgeTable edges={ordered(view.edges)} windowSeconds={view.windowSeconds} />
    </>
  );
}

function Verdict({ view }: { readonly view: PlatformView }): JSX.Element {
  const { first, follows, others } = view;
  switch (view.state) {
    case 'starting':
      return (
        <Note>
          Starting: nothing of the platform has been scraped yet. That takes some 15 seconds.
        </Note>
      );
    case 'away':
      return <Note tone="bad">Nobody can tell: the store of metrics does not answer.</Note>;
    case 'stale':
      return (
        <Note tone="bad">
          Nobody can tell: nothing is seen of any service, so what looks may be away.
        </Note>
      );
    case 'quiet':
      return (
        <Note>
          Nothing fails, and there was no traffic in the last {duration(view.windowSeconds)}.{' '}
          <Command text="npm run shop -- --rate 5 --for 60s" />
        </Note>
      );
    case 'well':
      return <Well view={view} />;
    case 'failing':
      return first === null ? (
        <Note tone="bad">Something fails.</Note>
      ) : (
        <Note tone="bad">
          <strong>{first.id.replace('>', ' → ')}</strong> broke first
          {first.sinceMs === null ? '' : `, at ${clock(first.sinceMs)}`}: {first.evidence[0]?.says}.{' '}
          {follows.length === 0 ? 'Nothing else' : `${follows.length} more`} because of it
          {others.length === 0 ? '. ' : `, and besides: ${namesOf(others)}. `}
          {first.kind === 'edge' ? <Link to={edgeAddress(first.id)}>Look at it</Link> : null}{' '}
          <Command text="meridian explain" />
        </Note>
      );
  }
}

/** No edge fails; an alert may fire all the same, of what was a while ago. */
function Well({ view }: { readonly view: PlatformView }): JSX.Element {
  const { firing } = view;
  if (firing.length === 0) return <Note>Nothing fails.</Note>;
  const names = firing.map(({ alert, about }) => `${alert} of ${about}`);
  return (
    <Note tone="bad">
      No edge fails in the last {duration(view.windowSeconds)}, and {count(firing.length, 'alert')}{' '}
      {firing.length === 1 ? 'fires' : 'fire'}, which remember longer: {someOf(names)}.{' '}
      <Link to="/alerts">Look at them</Link>, <Link to="/runs">and at what changed</Link>{' '}
      <Command text="meridian slo" />
    </Note>
  );
}

/** What else is wrong, as far as a line has room for it. */
function namesOf(findings: readonly Finding[]): string {
  return someOf(findings.map(({ id }) => id.replace('>', ' → ')));
}

function someOf(names: readonly string[]): string {
  const left = names.length - OTHERS_MAX;
  return `${names.slice(0, OTHERS_MAX).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

const OTHERS_MAX = 3;

/**
 * What broke first, what else fails, what is odd, and of all the rest what has traffic, the slowest first. Those that are
 * about as slow stay in their order, so that rows keep their places.
 */
function ordered(edges: readonly EdgeView[]): readonly EdgeView[] {
  const rank = ({ role, failing, state }: EdgeView): number => {
    if (role === 'first') return 0;
    if (failing !== null) return role === 'other' ? 1 : 2;
    return state === 'undeclared' || state === 'refused' ? 3 : 4;
  };
  const slowness = ({ slowest, rate: calls }: EdgeView): number =>
    calls.value === null || calls.value === 0
      ? -Infinity
      : Math.round(Math.log2(slowest.value ?? 0));
  return edges.toSorted(
    (one, other) => rank(one) - rank(other) || compare(slowness(other), slowness(one)),
  );
}

/** Two numbers, of which both may be beyond all numbers. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
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

function EdgeTable({
  edges,
  windowSeconds,
}: {
  readonly edges: readonly EdgeView[];
  readonly windowSeconds: number;
}): JSX.Element {
  return (
    <Rows
      caption={`Every edge, of the last ${duration(windowSeconds)}`}
      columns={EDGE_COLUMNS}
      rows={edges}
      keyOf={({ id }) => id}
      look={({ role }) => role}
    />
  );
}
