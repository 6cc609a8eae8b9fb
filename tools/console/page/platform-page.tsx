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
      <EdgeTables view={view} />
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
  if (firing.length === 0) {
    return (
      <Note>
        Nothing fails.
        <Slower view={view} />
      </Note>
    );
  }
  const names = firing.map(({ alert, about }) => `${alert} of ${about}`);
  return (
    <Note tone="bad">
      No edge fails in the last {duration(view.windowSeconds)}, and {count(firing.length, 'alert')}{' '}
      {firing.length === 1 ? 'fires' : 'fire'}, which remember longer: {someOf(names)}.{' '}
      <Link to="/alerts">Look at them</Link>, <Link to="/runs">and at what changed</Link>.
      <Slower view={view} /> <Command text="meridian slo" />
    </Note>
  );
}

/** What has changed most, though it keeps what it promises. */
function Slower({ view }: { readonly view: PlatformView }): JSX.Element | null {
  const edge = view.edges.find(({ id }) => id === view.slower);
  if (edge === undefined) return null;
  return (
    <>
      {' '}
      <Link to={edgeAddress(edge.id)}>
        {edge.from} → {edge.to}
      </Link>{' '}
      is slower than usual: p99 of {duration(edge.slowest.value ?? 0)},{' '}
      {duration(edge.usual.value ?? 0)} in the hour before. <Link to="/runs">What changed?</Link>
    </>
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
 * What broke first, what else fails, what is odd, what is slower than usual, and of all the rest what has traffic, the
 * slowest first. Those that are about as slow stay in their order, so that rows keep their places.
 */
function ordered({ edges, slower }: PlatformView): readonly EdgeView[] {
  const rank = ({ id, role, failing, state }: EdgeView): number => {
    if (role === 'first') return 0;
    if (failing !== null) return role === 'other' ? 1 : 2;
    if (state === 'undeclared' || state === 'refused') return 3;
    return id === slower ? 4 : 5;
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

const NAME: Column<EdgeView> = {
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
};

function stateColumn(slower: string | null): Column<EdgeView> {
  return {
    head: 'State',
    of: ({ id, failing, state, role }) => {
      if (failing !== null) {
        return <State is={`fails${role === 'first' ? ' first' : ''}`} tone="bad" />;
      }
      return id === slower ? (
        <State is="slower than usual" tone="odd" />
      ) : (
        <State is={EDGE_STATES[state]} tone={EDGE_TONES[state]} />
      );
    },
  };
}

const RATE: Column<EdgeView> = {
  head: 'Rate',
  of: (edge) => <Figure told={edge.rate} as={rate} />,
};

const ERRORS: Column<EdgeView> = {
  head: 'Errors',
  look: ({ failing }) => (failing === 'errors' ? 'over' : ''),
  of: (edge) => <Figure told={edge.errors} as={percent} />,
};

const COMMAND: Column<EdgeView> = {
  head: 'Command',
  of: ({ command }) => <Command text={command} />,
};

function timeColumns(head: string): readonly Column<EdgeView>[] {
  return [
    {
      head,
      look: ({ failing }) => (failing === 'slow' ? 'over' : ''),
      of: (edge) => <Figure told={edge.slowest} as={duration} />,
    },
    { head: 'The hour before', of: (edge) => <Figure told={edge.usual} as={duration} /> },
  ];
}

/** Calls take time; events wait. */
function EdgeTables({ view }: { readonly view: PlatformView }): JSX.Element {
  const edges = ordered(view);
  const isOfEvents = ({ kind }: EdgeView): boolean => kind === 'publish' || kind === 'consume';
  const table = (what: string, time: string, rows: readonly EdgeView[]): JSX.Element => (
    <Rows
      caption={`Every edge of ${what}, of the last ${duration(view.windowSeconds)}`}
      columns={[NAME, stateColumn(view.slower), RATE, ERRORS, ...timeColumns(time), COMMAND]}
      rows={rows}
      keyOf={({ id }) => id}
      look={({ id, role }) => (id === view.slower ? `${role} slower` : role)}
    />
  );
  return (
    <>
      {table(
        'calls',
        'p99',
        edges.filter((edge) => !isOfEvents(edge)),
      )}
      {table('events', 'Oldest waits for', edges.filter(isOfEvents))}
    </>
  );
}
