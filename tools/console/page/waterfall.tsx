import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PurchaseView, SpanRow } from '../views/purchase-view.ts';
import { duration, readable } from './format.ts';

const ROW = 24;
const VISIBLE = 24;
/** Rows beyond what is seen, so that scrolling shows no gap. */
const BEYOND = 8;
const DEEPEST = 12;

/** Spans on one axis. Of thousands only those are drawn that are in sight. */
export function Waterfall({ view }: { readonly view: PurchaseView }): JSX.Element {
  const [top, setTop] = useState(0);
  const { spans, durationMs, slowest } = view;
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const shown = spans.slice(first, first + VISIBLE + 2 * BEYOND);
  const height = Math.min(spans.length, VISIBLE) * ROW;
  return (
    <section>
      <h2 id="spans">Spans, on one axis of {duration(durationMs / 1_000)}</h2>
      <Ticks view={view} />
      <div
        class="waterfall"
        tabIndex={0}
        role="region"
        aria-labelledby="spans"
        style={{ height: `${height + 4}px` }}
        onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      >
        <ol style={{ height: `${spans.length * ROW}px` }}>
          {shown.map((span, position) => (
            <Bar
              key={first + position}
              span={span}
              top={(first + position) * ROW}
              axisMs={Math.max(durationMs, 0.001)}
              isSlowest={first + position === slowest}
            />
          ))}
        </ol>
      </div>
    </section>
  );
}

/** States, effects, audit events and releases over the axis of the spans; the table says the same in words. */
function Ticks({ view }: { readonly view: PurchaseView }): JSX.Element | null {
  const { startMs, durationMs, moments } = view;
  const endMs = startMs + durationMs;
  const told = moments.filter(
    ({ kind, atMs }) => kind !== 'line' && atMs >= startMs && atMs <= endMs,
  );
  if (told.length === 0) return null;
  return (
    <div class="ticks span" aria-hidden="true">
      <span class="name">States, effects, audit events, releases</span>
      <span class="took">{told.length}</span>
      <span class="track">
        {told.map(({ kind, atMs, what }, position) => (
          <span
            key={position}
            class={`tick ${kind}`}
            style={{ left: `${((atMs - startMs) / Math.max(durationMs, 0.001)) * 100}%` }}
            title={`${kind} ${readable(what)}`}
          />
        ))}
      </span>
    </div>
  );
}

function Bar({
  span,
  top,
  axisMs,
  isSlowest,
}: {
  readonly span: SpanRow;
  readonly top: number;
  readonly axisMs: number;
  readonly isSlowest: boolean;
}): JSX.Element {
  const { service, name, kind, startMs, durationMs, error, depth, trace, isOrphan } = span;
  const left = (startMs / axisMs) * 100;
  const width = Math.max(0.2, (durationMs / axisMs) * 100);
  const classes = [
    'span',
    isSlowest ? 'slowest' : '',
    error === null ? '' : 'failed',
    trace > 0 ? 'other' : '',
  ];
  return (
    <li class={classes.join(' ')} style={{ top: `${top}px` }}>
      <span class="name" style={{ paddingLeft: `${Math.min(depth, DEEPEST) * 12}px` }}>
        {isOrphan ? '… ' : ''}
        <b>{readable(service)}</b> {kind} {readable(name)}
      </span>
      <span class="took">
        {duration(durationMs / 1_000)}
        {error === null ? '' : ` ${readable(error)}`}
        {isSlowest ? ' ← slowest' : ''}
      </span>
      <span class="track" aria-hidden="true">
        <span class="bar" style={{ left: `${left}%`, width: `${width}%` }} />
      </span>
    </li>
  );
}
