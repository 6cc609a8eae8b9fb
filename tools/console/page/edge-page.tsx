import type { JSX } from 'preact';
import type { PlatformView } from '../views/platform-view.ts';
import { edgeWords } from './edge-words.ts';
import { clock, duration } from './format.ts';
import { Command, Note } from './parts.tsx';
import { Link } from './place.tsx';
import { QueryChart } from './query-page.tsx';

/** One edge with its numbers over the last hour. */
export function EdgePage({
  view,
  id,
}: {
  readonly view: PlatformView | null;
  readonly id: string;
}): JSX.Element {
  const edge = view?.edges.find((each) => each.id === id);
  if (view === null) return <Note>Asking what was seen…</Note>;
  if (edge === undefined) return <Note tone="bad">There is no edge '{id}'.</Note>;
  const { rate, errors, slowest, usual, byOperation, limitSeconds } = edge;
  const charts: readonly (readonly [title: string, query: string])[] = [
    ['Rate, a second', rate.query],
    ['Share of errors', errors.query],
    [`Slowest, in seconds; at most ${duration(limitSeconds)}`, slowest.query],
    ['Slowest of each operation, in seconds', byOperation],
  ];
  return (
    <>
      <Note tone={edge.failing === null ? 'plain' : 'bad'}>
        {edgeWords(edge)}
        {edge.sinceMs === null ? '' : `, since ${clock(edge.sinceMs)}`}
        {usual.value === null ? '' : `; ${duration(usual.value)} in the hour before`}.{' '}
        <Link to="/runs">What changed?</Link> <Command text={edge.command} />
      </Note>
      {charts
        .filter(([, query]) => query !== '')
        .map(([title, query]) => (
          <section key={title}>
            <h2>{title}</h2>
            <QueryChart text={query} spanSeconds={3_600} />
          </section>
        ))}
    </>
  );
}
