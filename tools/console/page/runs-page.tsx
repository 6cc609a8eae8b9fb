import type { JSX } from 'preact';
import type { Comparison, Difference, Measure } from '../views/compare-runs.ts';
import type { RunHead } from '../views/run-head.ts';
import { useAnswer } from './api.ts';
import { count, dateAndClock, duration, percent } from './format.ts';
import { Answered, Command, Note, State } from './parts.tsx';
import { go, Link, purchaseAddress } from './place.tsx';
import { Rows } from './rows.tsx';
import type { Column } from './rows.tsx';

/** What did my change do? */
export function RunsPage({
  before,
  after,
}: {
  readonly before: string;
  readonly after: string;
}): JSX.Element {
  const runs = useAnswer<readonly RunHead[]>('/api/runs');
  return (
    <Answered answer={runs}>
      {(heads) =>
        heads.length < 2 ? (
          <Note>
            {heads.length === 0 ? 'No run is kept yet.' : 'One run is kept, and two are compared.'}{' '}
            A run begins when the code of a service changes: edit one, and{' '}
            <Command text="npm start" />
          </Note>
        ) : (
          <Pair
            heads={heads}
            before={before === '' ? (heads[1]?.id ?? '') : before}
            after={after === '' ? (heads[0]?.id ?? '') : after}
          />
        )
      }
    </Answered>
  );
}

function Pair({
  heads,
  before,
  after,
}: {
  readonly heads: readonly RunHead[];
  readonly before: string;
  readonly after: string;
}): JSX.Element {
  const address = (one: string, other: string): string =>
    `/runs?${new URLSearchParams({ before: one, after: other }).toString()}`;
  const asked = new URLSearchParams({ before, after });
  const comparison = useAnswer<Comparison>(`/api/compare?${asked.toString()}`);
  return (
    <>
      <form class="ask pair">
        <Choice label="Before" heads={heads} value={before} to={(id) => go(address(id, after))} />
        <Choice label="After" heads={heads} value={after} to={(id) => go(address(before, id))} />
      </form>
      <Answered answer={comparison}>{(compared) => <Compared compared={compared} />}</Answered>
      <p class="source">
        Send a run:{' '}
        <a href={`/api/run?id=${before}`} download={`run-${before}.json`}>
          before
        </a>
        ,{' '}
        <a href={`/api/run?id=${after}`} download={`run-${after}.json`}>
          after
        </a>
      </p>
    </>
  );
}

function Choice({
  label,
  heads,
  value,
  to,
}: {
  readonly label: string;
  readonly heads: readonly RunHead[];
  readonly value: string;
  readonly to: (id: string) => void;
}): JSX.Element {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => to(currentTarget.value)}>
        {heads.map(({ id, changed, calls }) => (
          <option key={id} value={id}>
            {dateAndClock(Number(id))} ·{' '}
            {changed.length > 2 ? `${changed.length} services` : changed.join(', ')} ·{' '}
            {count(calls, 'call')}
          </option>
        ))}
      </select>
    </label>
  );
}

function Compared({ compared }: { readonly compared: Comparison }): JSX.Element {
  const { differences, alike, tooFew, onlyBefore, onlyAfter } = compared;
  const few = new Set(tooFew.map(({ edge }) => edge.id)).size;
  const needed = Math.max(0, ...tooFew.map((each) => each.needed));
  const worse = differences.filter(({ isWorse }) => isWorse).length;
  return (
    <>
      <Note tone={worse === 0 ? 'plain' : 'bad'}>
        {differences.length === 0
          ? `No difference can be told: ${count(alike, 'comparison')} overlap.`
          : `${worse} worse, ${differences.length - worse} better, which chance does not explain; ${count(alike, 'comparison')} overlap.`}
      </Note>
      {differences.length === 0 ? null : (
        <Rows
          caption="What differs, the worst first"
          columns={COLUMNS}
          rows={differences}
          keyOf={({ edge, measure }) => `${edge.id} ${measure}`}
        />
      )}
      <p class="source">
        {few === 0
          ? ''
          : `Of ${count(few, 'operation')} there were too few calls (a p99 needs ${needed}). `}
        {onlyAfter.length === 0 ? '' : `Only after: ${names(onlyAfter)}. `}
        {onlyBefore.length === 0 ? '' : `Only before: ${names(onlyBefore)}.`}
      </p>
    </>
  );
}

function names(edges: readonly Difference['edge'][]): string {
  const first = edges.slice(0, 3).map(({ from, to, operation }) => `${from} → ${to} ${operation}`);
  return first.join(', ') + (edges.length > 3 ? ` and ${edges.length - 3} more` : '');
}

const COLUMNS: readonly Column<Difference>[] = [
  {
    head: 'Operation',
    names: true,
    of: ({ edge }) => (
      <>
        {edge.from} → {edge.to} <small>{edge.operation}</small>
      </>
    ),
  },
  {
    head: 'Is',
    of: ({ measure, isWorse, factor }) => {
      const times = Number.isFinite(factor) ? `at least ${factor.toPrecision(2)} times` : 'new';
      return (
        <State
          is={`${measure} ${isWorse ? 'worse' : 'better'}, ${times}`}
          tone={isWorse ? 'bad' : 'good'}
        />
      );
    },
  },
  { head: 'Before', of: ({ measure, before }) => between(measure, before.low, before.high) },
  { head: 'After', of: ({ measure, after }) => between(measure, after.low, after.high) },
  { head: 'Traces', of: ({ traces }) => <Examples traces={traces} /> },
];

function Examples({ traces }: Pick<Difference, 'traces'>): JSX.Element {
  return (
    <>
      {(['before', 'after'] as const).map((when) => {
        const trace = traces[when];
        return trace === null ? null : (
          <Link key={when} to={purchaseAddress(trace.id)} class="chip">
            {when}
          </Link>
        );
      })}
      {traces.after === null ? null : <Command text={`meridian trace ${traces.after.id}`} />}
    </>
  );
}

function between(measure: Measure, low: number, high: number): string {
  const as = measure === 'errors' ? percent : duration;
  return `${as(low)} to ${as(high)}`;
}
