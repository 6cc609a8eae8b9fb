import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { QueryView, ShownSeries } from '../views/query-view.ts';
import { useAnswer } from './api.ts';
import { clock, date } from './format.ts';
import { Answered, Note } from './parts.tsx';
import { go, Link } from './place.tsx';
import { Rows } from './rows.tsx';
import type { Column } from './rows.tsx';

const SPANS = [900, 3_600, 21_600, 86_400, 604_800] as const;
const SPAN_WORDS: Readonly<Record<number, string>> = {
  900: '15 minutes',
  3600: '1 hour',
  21600: '6 hours',
  86400: '1 day',
  604800: '1 week',
};

/** A query with what it gives. */
export function QueryPage({
  text,
  spanSeconds,
}: {
  readonly text: string;
  readonly spanSeconds: number;
}): JSX.Element {
  const [edited, setEdited] = useState(text);
  useEffect(() => setEdited(text), [text]);
  const address = (query: string, span: number): string =>
    `/query?${new URLSearchParams({ text: query, span: String(span) }).toString()}`;
  return (
    <>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault();
          go(address(edited, spanSeconds));
        }}
      >
        <label for="query">PromQL</label>
        <textarea
          id="query"
          rows={3}
          value={edited}
          onInput={({ currentTarget }) => setEdited(currentTarget.value)}
        />
        <button type="submit">Evaluate</button>
      </form>
      <nav class="spans" aria-label="Span of time">
        {SPANS.map((span) => (
          <Link key={span} to={address(text, span)} current={span === spanSeconds}>
            {SPAN_WORDS[span]}
          </Link>
        ))}
      </nav>
      {text === '' ? (
        <Note>Every number of the console opens its query here.</Note>
      ) : (
        <QueryChart text={text} spanSeconds={spanSeconds} />
      )}
    </>
  );
}

/** A chart of a query, and its newest values in words. */
export function QueryChart({
  text,
  spanSeconds,
}: {
  readonly text: string;
  readonly spanSeconds: number;
}): JSX.Element {
  const asked = new URLSearchParams({ text, span: String(spanSeconds) });
  const answer = useAnswer<QueryView>(`/api/query?${asked.toString()}`);
  return (
    <Answered answer={answer}>
      {({ problem, series, left }) =>
        problem !== null ? (
          <Note tone="bad">{problem}</Note>
        ) : series.length === 0 ? (
          <Note>Nothing is known of that in this span of time.</Note>
        ) : (
          <>
            <Chart series={series} />
            <Newest series={series} left={left} />
            <p class="source">
              <code>{text}</code>
            </p>
          </>
        )
      }
    </Answered>
  );
}

function nameOf({ labels }: ShownSeries): string {
  const pairs = Object.entries(labels).filter(([name]) => name !== '__name__');
  return pairs.map(([name, value]) => `${name}=${value}`).join(' ') || 'value';
}

const COLUMNS: readonly Column<ShownSeries>[] = [
  { head: 'Series', names: true, of: nameOf },
  { head: 'Value', of: ({ points }) => points.at(-1)?.[1]?.toPrecision(4) ?? '–' },
];

function Newest({
  series,
  left,
}: {
  readonly series: readonly ShownSeries[];
  readonly left: number;
}): JSX.Element {
  return (
    <Rows
      caption={`Newest values${left === 0 ? '' : `; ${left} more series are not shown`}`}
      columns={COLUMNS}
      rows={series}
      keyOf={nameOf}
    />
  );
}

/** Hues that are told apart in dark and light. */
const STROKES = ['#3b76e1', '#d9822b', '#2a9d8f', '#c2427f', '#8a63d2', '#7a8a1f'];
const HEIGHT = 180;

function Chart({ series }: { readonly series: readonly ShownSeries[] }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return undefined;
    const ink = getComputedStyle(parent).color;
    const axis = { stroke: ink, grid: { stroke: `color-mix(in srgb, ${ink} 15%, transparent)` } };
    const chart = new uPlot(
      {
        ...{ width: parent.clientWidth, height: HEIGHT, legend: { show: false } },
        series: [
          {},
          ...series.map((each, at) => ({
            label: nameOf(each),
            stroke: STROKES[at % STROKES.length] ?? ink,
          })),
        ],
        axes: [
          { ...axis, values: (_chart, moments) => momentsOf(moments) },
          { ...axis, size: 60 },
        ],
      },
      aligned(series),
      parent,
    );
    const watch = new ResizeObserver(() =>
      chart.setSize({ width: parent.clientWidth, height: HEIGHT }),
    );
    watch.observe(parent);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [series]);
  return (
    <div ref={place} class="chart" role="img" aria-label="Values over time; the newest are below" />
  );
}

/** Moments as they are written everywhere else: clocks, and days where there are several. */
function momentsOf(atSeconds: readonly number[]): string[] {
  const [first = 0, last = 0] = [atSeconds[0], atSeconds.at(-1)];
  const isLong = last - first > DAY_SECONDS;
  return atSeconds.map((at) => (isLong ? date : clock)(at * 1_000));
}

const DAY_SECONDS = 86_400;

/** One column of moments, and one of each series, with gaps where it has none. */
function aligned(series: readonly ShownSeries[]): uPlot.AlignedData {
  const moments = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].toSorted(
    (one, other) => one - other,
  );
  const columns = series.map(({ points }) => {
    const known = new Map(points);
    return moments.map((at) => known.get(at) ?? null);
  });
  return [moments, ...columns];
}
