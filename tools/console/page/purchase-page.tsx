import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OrderHead } from '../views/newest-orders.ts';
import type { Moment, PurchaseView, TracePart } from '../views/purchase-view.ts';
import { useAnswer } from './api.ts';
import { count, dateAndClock, duration, readable } from './format.ts';
import { Answered, Command, Note } from './parts.tsx';
import { go, Link, purchaseAddress } from './place.tsx';
import { Rows } from './rows.tsx';
import type { Column } from './rows.tsx';
import { Waterfall } from './waterfall.tsx';

/** What happened to this purchase? */
export function PurchasePage({ id }: { readonly id: string }): JSX.Element {
  const [text, setText] = useState(id);
  const path = id === '' ? null : `/api/purchase?${new URLSearchParams({ id }).toString()}`;
  const answer = useAnswer<PurchaseView>(path);
  return (
    <>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault();
          go(purchaseAddress(text.trim()));
        }}
      >
        <label for="id">Id of a trace, a request or an order</label>
        <input id="id" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        <button type="submit">Look</button>
      </form>
      {path === null ? (
        <Newest />
      ) : (
        <Answered answer={answer}>{(view) => <Purchase view={view} />}</Answered>
      )}
    </>
  );
}

/** What may be asked for, where somebody has no id at hand. */
function Newest(): JSX.Element {
  const answer = useAnswer<readonly OrderHead[]>('/api/orders');
  return (
    <>
      <Note>
        A request's id is in the header <code>x-request-id</code> of its answer; an order's is its
        own, in the answer too.
      </Note>
      <Answered answer={answer}>
        {(orders) =>
          orders.length === 0 ? (
            <Note>
              Nobody has ordered anything in the last hour.{' '}
              <Command text="npm run shop -- --rate 5 --for 60s" />
            </Note>
          ) : (
            <Rows
              caption="Orders that went on last"
              columns={ORDER_COLUMNS}
              rows={orders}
              keyOf={({ id }) => id}
            />
          )
        }
      </Answered>
    </>
  );
}

const ORDER_COLUMNS: readonly Column<OrderHead>[] = [
  { head: 'Order', names: true, of: ({ id }) => <Link to={purchaseAddress(id)}>{id}</Link> },
  { head: 'When', of: ({ atMs }) => dateAndClock(atMs) },
  { head: 'Saga', of: ({ phase }) => readable(phase) },
  { head: 'Its customer sees', of: ({ status }) => readable(status) },
  { head: 'Command', of: ({ id }) => <Command text={`meridian order ${id}`} /> },
];

const RELATIONS = { asked: 'asked for', cause: 'led to it', effect: 'caused by it' } as const;
/** More lines stay folded until somebody wants them. */
const LINES_OPEN = 20;
/** Lines on these levels are a part of what came about. */
const LOUD: readonly string[] = ['warn', 'error', 'fatal'];

const traceColumns = ({ kind }: PurchaseView): readonly Column<TracePart>[] => [
  {
    head: 'Trace',
    names: true,
    of: ({ id, began }) => (
      <Link to={purchaseAddress(id)}>{began === '' ? id : readable(began)}</Link>
    ),
  },
  {
    head: 'Is',
    of: ({ relation }) =>
      relation === 'asked' && kind !== 'trace' ? `of the ${kind}` : RELATIONS[relation],
  },
  { head: 'Spans', of: ({ spans }) => spans },
  { head: 'Took', of: ({ durationMs }) => duration(durationMs / 1_000) },
  { head: 'Command', of: ({ id }) => <Command text={`meridian trace ${id}`} /> },
];

function Purchase({ view }: { readonly view: PurchaseView }): JSX.Element {
  const slowest = view.slowest === null ? undefined : view.spans[view.slowest];
  return (
    <>
      <Found view={view} />
      <Ended view={view} />
      {slowest === undefined ? null : (
        <Note>
          Longest by itself, in <strong>{readable(slowest.service)}</strong>:{' '}
          {readable(slowest.name)}, {duration(slowest.selfMs / 1_000)}.
        </Note>
      )}
      {view.orders.length === 0 ? null : (
        <Note>
          It belongs to{' '}
          {view.orders.map((order) => (
            <Link key={order} to={purchaseAddress(order)} class="chip">
              order {order}
            </Link>
          ))}
        </Note>
      )}
      <Moments view={view} />
      {view.spans.length === 0 ? null : <Waterfall view={view} />}
      {view.traces.length === 0 ? null : (
        <Rows
          caption="Traces"
          columns={traceColumns(view)}
          rows={view.traces}
          keyOf={({ id }) => id}
        />
      )}
      <Lines view={view} />
    </>
  );
}

function Found({ view }: { readonly view: PurchaseView }): JSX.Element {
  const { state, id, spans, moments, left, startMs, durationMs, command } = view;
  const missing = left.spans + left.moments + left.traces;
  switch (state) {
    case 'unknown':
      return (
        <Note>Nothing is known of {id}: it is older than a week, or of another platform.</Note>
      );
    case 'unsampled':
      return (
        <Note>
          Not sampled: no span of it was kept, so its {count(moments.length, 'line')} and events are
          all there is.
        </Note>
      );
    case 'away':
      return (
        <Note tone="bad">A store does not answer: what is missing here may well be there.</Note>
      );
    case 'found':
      return (
        <Note>
          {dateAndClock(startMs)}, {duration(durationMs / 1_000)}: {count(spans.length, 'span')},{' '}
          {moments.length} states, events and lines
          {missing === 0 ? '' : `; ${missing} more are not shown`}. <Command text={command} />
        </Note>
      );
  }
}

/** How far it has come, and by what: the newest state of its saga, and what became of each effect. */
function Ended({ view }: { readonly view: PurchaseView }): JSX.Element | null {
  const states = view.moments.filter(({ kind }) => kind === 'state');
  const [last] = states.slice(-1);
  if (last === undefined) return null;
  const effects = view.moments.filter(({ kind }) => kind === 'effect');
  return (
    <Note>
      Its customer sees <strong>{readable(last.detail)}</strong>, its saga is {readable(last.what)}
      {effects.length === 0
        ? '.'
        : `, after ${effects.map(({ what, detail }) => `${readable(what)}: ${readable(detail)}`).join(', ')}.`}
    </Note>
  );
}

const KINDS: Readonly<Record<Moment['kind'], string>> = {
  line: 'log line',
  state: 'state',
  asked: 'effect of the saga',
  effect: 'effect of the saga',
  audit: 'audit event',
  release: 'release',
};

function isLoud({ kind, detail }: Moment): boolean {
  return kind === 'line' && LOUD.includes(detail);
}

/** What came about, without the lines that say only that somebody was at work. */
function Moments({ view }: { readonly view: PurchaseView }): JSX.Element | null {
  const told = view.moments.filter((moment) => moment.kind !== 'line' || isLoud(moment));
  if (told.length === 0) return null;
  return (
    <Rows
      class="moments"
      caption="What came about, in order: states, effects, audit events, warnings, releases"
      columns={momentColumns(view)}
      rows={told}
      keyOf={(_moment, position) => position}
      look={(moment) => (isLoud(moment) ? 'loud' : `told-${moment.kind}`)}
    />
  );
}

function Lines({ view }: { readonly view: PurchaseView }): JSX.Element | null {
  const lines = view.moments.filter(({ kind }) => kind === 'line');
  if (lines.length === 0) return null;
  return (
    <details class="lines" open={lines.length <= LINES_OPEN}>
      <summary>{count(lines.length, 'log line')}</summary>
      <Rows
        class="moments"
        caption="Every line that was written for it, in order"
        columns={momentColumns(view)}
        rows={lines}
        keyOf={(_line, position) => position}
        look={(line) => (isLoud(line) ? 'loud' : '')}
      />
    </details>
  );
}

function momentColumns({ startMs }: PurchaseView): readonly Column<Moment>[] {
  return [
    {
      head: 'When',
      of: ({ atMs }) =>
        `${atMs < startMs ? '−' : '+'}${duration(Math.abs(atMs - startMs) / 1_000)}`,
    },
    { head: 'Service', of: ({ service }) => readable(service) },
    { head: 'What', names: true, of: ({ what }) => readable(what) },
    { head: 'Kind', of: ({ kind, detail }) => `${KINDS[kind]} ${readable(detail)}` },
    {
      head: 'Command',
      of: ({ command }) => (command === '' ? null : <Command text={command} />),
    },
  ];
}
