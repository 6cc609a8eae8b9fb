import type { JSX } from 'preact';
import type { AlertsView, AlertView } from '../views/alert-sight.ts';
import { useAnswer } from './api.ts';
import { ago, count, duration, percent } from './format.ts';
import { Answered, Command, Figure, Note, State } from './parts.tsx';
import { Link, queryAddress } from './place.tsx';

/** Can my alerts see? */
export function AlertsPage(): JSX.Element {
  const answer = useAnswer<AlertsView>('/api/alerts');
  return <Answered answer={answer}>{(view) => <Alerts view={view} />}</Answered>;
}

const TONES = { firing: 'bad', quiet: 'good', blind: 'odd', unknown: 'plain' } as const;
const WORDS = { firing: 'fires', quiet: 'sees', blind: 'blind', unknown: 'not known' } as const;
const RANK = { firing: 0, blind: 1, unknown: 2, quiet: 3 } as const;

function Alerts({ view }: { readonly view: AlertsView }): JSX.Element {
  const { alerts, atMs } = view;
  const of = (state: AlertView['state']): number =>
    alerts.filter((alert) => alert.state === state).length;
  const ordered = alerts.toSorted(
    (one, other) =>
      RANK[one.state] - RANK[other.state] || (other.distance ?? 0) - (one.distance ?? 0),
  );
  return (
    <>
      <Note tone={of('firing') + of('blind') > 0 ? 'bad' : 'plain'}>
        {count(of('firing'), 'alert')} firing, {of('blind')} blind (nobody can tell whether they
        should fire), {of('quiet')} that see and are quiet. <Command text="meridian slo" />
      </Note>
      <table class="rows">
        <caption>Each alert of each service, the nearest to its limit first</caption>
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col">State</th>
            <th scope="col">Value</th>
            <th scope="col">Way to the limit</th>
            <th scope="col">Reads, how old</th>
            <th scope="col">Last fired, last drill</th>
            <th scope="col">Command</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((alert) => (
            <AlertRow key={`${alert.name} ${alert.service}`} alert={alert} atMs={atMs} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function AlertRow({
  alert,
  atMs,
}: {
  readonly alert: AlertView;
  readonly atMs: number;
}): JSX.Element {
  const { name, service, severity, state, value, distance, reads, firedMs, feels } = alert;
  return (
    <tr>
      <th scope="row">
        {name} <small>{service}</small>
        <small class="feels">{feels}</small>
      </th>
      <td data-label="State">
        <State is={state === 'firing' ? severity : WORDS[state]} tone={TONES[state]} />
      </td>
      <td data-label="Value">
        <Figure told={value} as={(number) => ofUnit(alert, number)} />
        <small>{alert.limitText}</small>
      </td>
      <td data-label="Way to the limit">
        {distance === null ? (
          '–'
        ) : (
          <>
            <meter
              {...{ min: 0, low: 0.7, high: 0.99, max: 1, optimum: 0 }}
              value={Math.min(1, distance)}
              aria-label="Way to the limit"
            />{' '}
            <span class="number">{percent(distance)}</span>
          </>
        )}
      </td>
      <td data-label="Reads, how old">
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
      </td>
      <td data-label="Last fired, last drill">
        {firedMs === null ? 'not within a week' : ago(firedMs, atMs)}; no drill yet
      </td>
      <td data-label="Command">
        <Command text={alert.command} />
      </td>
    </tr>
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
