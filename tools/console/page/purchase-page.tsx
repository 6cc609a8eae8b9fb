import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Moment, PurchaseView } from '../views/purchase-view.ts';
import { useAnswer } from './api.ts';
import { count, dateAndClock, duration, readable } from './format.ts';
import { Answered, Command, Note } from './parts.tsx';
import { go, Link, purchaseAddress } from './place.tsx';
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
        <Note>
          A request's id is in the header <code>x-request-id</code> of its answer; an order's is its
          own.
        </Note>
      ) : (
        <Answered answer={answer}>{(view) => <Purchase view={view} />}</Answered>
      )}
    </>
  );
}

const RELATIONS = { asked: 'asked for', cause: 'led to it', effect: 'caused by it' } as const;

function Purchase({ view }: { readonly view: PurchaseView }): JSX.Element {
  const slowest = view.slowest === null ? undefined : view.spans[view.slowest];
  return (
    <>
      <Found view={view} />
      {slowest === undefined ? null : (
        <Note>
          Most of the time went into <strong>{slowest.service}</strong>: {readable(slowest.name)}{' '}
          took {duration(slowest.selfMs / 1_000)} by itself.
        </Note>
      )}
      {view.traces.length === 0 ? null : (
        <table class="rows">
          <caption>Traces</caption>
          <thead>
            <tr>
              <th scope="col">Trace</th>
              <th scope="col">Is</th>
              <th scope="col">Spans</th>
              <th scope="col">Took</th>
              <th scope="col">Command</th>
            </tr>
          </thead>
          <tbody>
            {view.traces.map(({ id, relation, spans, durationMs }) => (
              <tr key={id}>
                <th scope="row">
                  <Link to={purchaseAddress(id)}>{id.slice(0, 16)}…</Link>
                </th>
                <td data-label="Is">{RELATIONS[relation]}</td>
                <td data-label="Spans">{spans}</td>
                <td data-label="Took">{duration(durationMs / 1_000)}</td>
                <td data-label="Command">
                  <Command text={`meridian trace ${id}`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view.spans.length === 0 ? null : <Waterfall view={view} />}
      {view.moments.length === 0 ? null : <Moments view={view} />}
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
          {count(moments.length, 'other thing')}
          {missing === 0 ? '' : `; ${missing} more are not shown`}. <Command text={command} />
        </Note>
      );
  }
}

const KINDS: Readonly<Record<Moment['kind'], string>> = {
  line: 'log line',
  state: 'state',
  effect: 'effect of the saga',
  audit: 'audit event',
  release: 'release',
};

function Moments({ view }: { readonly view: PurchaseView }): JSX.Element {
  const { moments, startMs } = view;
  return (
    <table class="rows moments">
      <caption>Log lines, states, audit events and releases, in order</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Service</th>
          <th scope="col">What</th>
          <th scope="col">Kind</th>
          <th scope="col">Command</th>
        </tr>
      </thead>
      <tbody>
        {moments.map(({ kind, atMs, service, what, detail, trace }, position) => (
          <tr key={position} class={detail === 'warn' || detail === 'error' ? 'loud' : ''}>
            <td data-label="When">
              {atMs < startMs ? '−' : '+'}
              {duration(Math.abs(atMs - startMs) / 1_000)}
            </td>
            <td data-label="Service">{readable(service)}</td>
            <th scope="row">{readable(what)}</th>
            <td data-label="Kind">
              {KINDS[kind]} {readable(detail)}
            </td>
            <td data-label="Command">
              <Command text={momentCommand(kind, service, trace ?? view.id)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function momentCommand(kind: Moment['kind'], service: string, id: string): string {
  if (kind === 'release') return `meridian logs --release ${service}`;
  if (kind === 'line') return `meridian logs --trace ${id}`;
  return kind === 'audit' ? `meridian audit log ${id}` : `meridian order ${id}`;
}
