import type { JSX } from 'preact';
import type { Told } from '../../telemetry/explain/edge-view.ts';
import type { PlatformView } from '../views/platform-view.ts';
import { edgeWords } from './edge-words.ts';
import { clock, duration } from './format.ts';
import { Command, Note } from './parts.tsx';
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
  const numbers: readonly (readonly [string, Told])[] = [
    ['Rate, a second', edge.rate],
    ['Share of errors', edge.errors],
    [`Slowest, in seconds; at most ${duration(edge.limitSeconds)}`, edge.slowest],
  ];
  return (
    <>
      <Note tone={edge.failing === null ? 'plain' : 'bad'}>
        {edgeWords(edge)}
        {edge.sinceMs === null ? '' : `, since ${clock(edge.sinceMs)}`}.{' '}
        <Command text={edge.command} />
      </Note>
      {numbers
        .filter(([, { query }]) => query !== '')
        .map(([title, { query }]) => (
          <section key={title}>
            <h2>{title}</h2>
            <QueryChart text={query} spanSeconds={3_600} />
          </section>
        ))}
    </>
  );
}
