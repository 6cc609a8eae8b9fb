import type { JSX } from 'preact';
import type { GraphLayout } from '../layout/graph-layout.ts';
import type { EdgeView } from '../../telemetry/explain/edge-view.ts';
import type { Finding } from '../../telemetry/explain/finding.ts';
import type { PlatformView } from '../views/platform-view.ts';
import { useAnswer } from './api.ts';
import { Drawing } from './drawing.tsx';
import { EDGE_STATES, EDGE_TONES, edgeAddress } from './edge-words.ts';
import { clock, duration, percent, rate } from './format.ts';
import { Command, Figure, Note, State, Stores } from './parts.tsx';
import { Link } from './place.tsx';

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
      return <Note>Nothing fails.</Note>;
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

/** What else is wrong, as far as a line has room for it. */
function namesOf(findings: readonly Finding[]): string {
  const names = findings.slice(0, OTHERS_MAX).map(({ id }) => id.replace('>', ' → '));
  const left = findings.length - names.length;
  return `${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

const OTHERS_MAX = 3;

/** What broke first, what else fails, what is odd, and all the rest. */
function ordered(edges: readonly EdgeView[]): readonly EdgeView[] {
  const rank = ({ role, failing, state }: EdgeView): number => {
    if (role === 'first') return 0;
    if (failing !== null) return role === 'other' ? 1 : 2;
    return state === 'undeclared' || state === 'refused' ? 3 : 4;
  };
  return edges.toSorted((one, other) => rank(one) - rank(other));
}

function EdgeTable({
  edges,
  windowSeconds,
}: {
  readonly edges: readonly EdgeView[];
  readonly windowSeconds: number;
}): JSX.Element {
  return (
    <table class="rows">
      <caption>Every edge, of the last {duration(windowSeconds)}</caption>
      <thead>
        <tr>
          <th scope="col">Edge</th>
          <th scope="col">State</th>
          <th scope="col">Rate</th>
          <th scope="col">Errors</th>
          <th scope="col">p99, or oldest waiting</th>
          <th scope="col">Command</th>
        </tr>
      </thead>
      <tbody>
        {edges.map((edge) => (
          <EdgeRow key={edge.id} edge={edge} />
        ))}
      </tbody>
    </table>
  );
}

function EdgeRow({ edge }: { readonly edge: EdgeView }): JSX.Element {
  const { id, from, to, about, state, role, failing } = edge;
  const words = failing === null ? EDGE_STATES[state] : `fails${role === 'first' ? ' first' : ''}`;
  return (
    <tr class={role}>
      <th scope="row">
        <Link to={edgeAddress(id)}>
          {from} → {to}
        </Link>
        {about === '' || about === from ? null : <small> {about}</small>}
      </th>
      <td data-label="State">
        <State is={words} tone={failing === null ? EDGE_TONES[state] : 'bad'} />
      </td>
      <td data-label="Rate">
        <Figure told={edge.rate} as={rate} />
      </td>
      <td data-label="Errors" class={failing === 'errors' ? 'over' : ''}>
        <Figure told={edge.errors} as={percent} />
      </td>
      <td data-label="p99 or oldest" class={failing === 'slow' ? 'over' : ''}>
        <Figure told={edge.slowest} as={duration} />
      </td>
      <td data-label="Command">
        <Command text={edge.command} />
      </td>
    </tr>
  );
}
