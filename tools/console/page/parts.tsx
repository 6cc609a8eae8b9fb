import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Told } from '../../telemetry/explain/edge-view.ts';
import type { StoreView } from '../views/platform-view.ts';
import type { Answer } from './api.ts';
import { ago } from './format.ts';
import { Link, queryAddress } from './place.tsx';

/** A number that opens its query. */
export function Figure({
  told,
  as,
}: {
  readonly told: Told;
  readonly as: (value: number) => string;
}): JSX.Element {
  const { value, query } = told;
  if (query === '') return <span class="unknown">not measured</span>;
  const shown = value === null ? '–' : as(value);
  return (
    <Link to={queryAddress(query)} class="number" label={`${shown}: opens its query`}>
      {shown}
    </Link>
  );
}

/** A command, to be copied. */
export function Command({ text }: { readonly text: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <span class="command">
      <code>{text}</code>
      <button type="button" onClick={copy} aria-label={`Copy ${text}`}>
        {isCopied ? 'copied' : 'copy'}
      </button>
    </span>
  );
}

/** A state in words, with a mark of its own: colours alone are not seen by all. */
export function State({
  is,
  tone,
}: {
  readonly is: string;
  readonly tone: 'good' | 'bad' | 'odd' | 'plain';
}): JSX.Element {
  const mark = { good: '●', bad: '▲', odd: '◆', plain: '○' }[tone];
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{mark}</span> {is}
    </span>
  );
}

/** A note that stands above a view. */
export function Note({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'bad';
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <p class={`note ${tone}`} role="status">
      {children}
    </p>
  );
}

/** Which stores do not answer, and how old what they gave is. */
export function Stores({
  stores,
  nowMs,
}: {
  readonly stores: readonly StoreView[];
  readonly nowMs: number;
}): JSX.Element | null {
  const silent = stores.filter(({ state }) => state === 'away');
  if (silent.length === 0) return null;
  return (
    <Note tone="bad">
      {silent.map(({ name, lastDataMs }) => (
        <span key={name}>
          The store of {name} is away; its last data came{' '}
          {lastDataMs === null ? 'never' : ago(lastDataMs, nowMs)}.{' '}
        </span>
      ))}
      <Command text="meridian status" />
    </Note>
  );
}

/** What is there, or why it is not. */
export function Answered<T>({
  answer,
  children,
}: {
  readonly answer: Answer<T>;
  readonly children: (value: T) => ComponentChildren;
}): JSX.Element {
  if (answer.is === 'asked') return <Note>Asking…</Note>;
  if (answer.is === 'there') return <>{children(answer.value)}</>;
  return <Note tone="bad">{answer.message}</Note>;
}
