import type { JSX } from 'preact';
import type { AlertsView, AlertView } from '../views/alert-sight.ts';
import { useAnswer } from './api.ts';
import { ago, count, duration, percent, readable } from './format.ts';
import { Answered, Command, Figure, Note, State } from './parts.tsx';
import { Link, queryAddress } from './place.tsx';
import { Rows } from './rows.tsx';
import type { Column } from './rows.tsx';

/** Can my alerts see? */
export function AlertsPage(): JSX.Element {
  const answer = useAnswer<AlertsView>('/api/alerts');
  return <Answered answer={answer}>{(view) => <Alerts view={view} />}</Answered>;
}

const TONES = { firing: 'bad', quiet: 'good', blind: 'odd', unknown: 'plain' } as const;
const WORDS = { firing: 'fires', quiet: 'sees', blind: 'blind', unknown: 'not known' } as const;
const RANK = { firing: 0, blind: 1, unknown: 2, quiet: 3 } as const;

function Alerts({ view }: { readonly view: AlertsView }): JSX.Element {
  const { alerts, atMs, build } = view;
  const of = (state: AlertView['state']): number =>
    alerts.filter((alert) => alert.state === state).length;
  const ordered = alerts.toSorted(
    (one, other) =>
      RANK[one.state] - RANK[other.state] || (other.distance ?? 0) - (one.distance ?? 0),
  );
  return (
    <>
      {build === null ? null : (
        <Note tone={build.isOver ? 'bad' : 'plain'}>
          Telemetry: {readable(build.words)}. <Command text="meridian status" />
        </Note>
      )}
      <Note tone={of('firing') + of('blind') > 0 ? 'bad' : 'plain'}>
        {count(of('firing'), 'alert')} firing, {of('blind')} blind (nobody can tell whether they
        should fire), {of('quiet')} that see and are quiet. <Command text="meridian slo" />
      </Note>
      <Rows
        caption="Each alert of each service, the nearest to its limit first"
        columns={columnsAt(atMs)}
        rows={ordered}
        keyOf={({ name, service }) => `${name} ${service}`}
      />
    </>
  );
}

/** @param atMs when the view was made */
function columnsAt(atMs: number): readonly Column<AlertView>[] {
  return [
    {
      head: 'Alert',
      names: true,
      of: ({ name, service, feels }) => (
        <>
          {name} <small>{service}</small>
          <small class="feels">{feels}</small>
        </>
      ),
    },
    {
      head: 'State',
      of: ({ state, severity }) => (
        <State is={state === 'firing' ? severity : WORDS[state]} tone={TONES[state]} />
      ),
    },
    {
      head: 'Value',
      of: (alert) => (
        <>
          <Figure told={alert.value} as={(number) => ofUnit(alert, number)} />
          <small>{alert.limitText}</small>
        </>
      ),
    },
    { head: 'Way to the limit', of: ({ distance }) => <Way distance={distance} /> },
    { head: 'Reads, how old', of: (alert) => <Reads alert={alert} /> },
    { head: 'Last fired, last drill', of: (alert) => <Last alert={alert} atMs={atMs} /> },
    { head: 'Command', of: ({ command }) => <Command text={command} /> },
  ];
}

function Way({ distance }: Pick<AlertView, 'distance'>): JSX.Element {
  if (distance === null) return <>–</>;
  return (
    <>
      <meter
        {...{ min: 0, low: 0.7, high: 0.99, max: 1, optimum: 0 }}
        value={Math.min(1, distance)}
        aria-label="Way to the limit"
      />{' '}
      <span class="number">{percent(distance)}</span>
    </>
  );
}

function Reads({ alert }: { readonly alert: AlertView }): JSX.Element {
  const { reads } = alert;
  return (
    <details>
      <summary>
        {count(reads.length, 'metric')}, oldest {oldest(alert)}
      </summary>
      <ul>
        {reads.map(({ metric, age }) => (
          <li key={metric}>
            <Link to={queryAddress(age.query)}>{metric}</Link>{' '}
            {age.value === null ? 'absent' : duration(age.value)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Last({ alert, atMs }: { readonly alert: AlertView; readonly atMs: number }): JSX.Element {
  const { firedMs, drill, state } = alert;
  // The past is looked at every five minutes.
  const past = firedMs === null ? 'not within a week' : ago(firedMs, atMs);
  const fired = state === 'firing' ? 'now' : past;
  return (
    <>
      {fired};{' '}
      {drill === null ? (
        'no drill yet'
      ) : (
        <>
          <State is={drill.outcome} tone={drill.outcome === 'passed' ? 'good' : 'bad'} />{' '}
          {drill.fault}, {ago(drill.atMs, atMs)}
        </>
      )}
    </>
  );
}

function ofUnit({ unit }: AlertView, value: number): string {
  switch (unit) {
    case 'percent':
      return percent(value);
    case 'seconds':
      return duration(value);
    case 'times':
      return `${Number(value.toPrecision(3))} times`;
    case 'count':
      return String(Number(value.toPrecision(6)));
  }
}

function oldest({ reads }: AlertView): string {
  const ages = reads.flatMap(({ age }) => age.value ?? []);
  const absent = reads.length - ages.length;
  const known = ages.length === 0 ? 'not known' : duration(Math.max(...ages));
  return absent === 0 ? known : `${known}, ${absent} absent`;
}
