import { DURATION_BOUNDS_SECONDS } from '@meridian/language/metrics.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { INTERVAL_SECONDS } from '../engines/promtool.ts';
import type { Question, Series } from '../engines/promtool.ts';

/** What the rules are made of. */
export const graph = platform(localSettings({}));

/** Enough for what the tests let happen. */
export const SAMPLES = 400;

/** A counter of so many events a second, from a minute until another one on another number. */
export const growing = (
  perSecond: number,
  later = perSecond,
  fromMinute = 0,
  untilMinute = SAMPLES,
): string => {
  const samples = (minutes: number): number => Math.min(SAMPLES, (minutes * 60) / INTERVAL_SECONDS);
  const [before, during] = [samples(fromMinute), samples(untilMinute) - samples(fromMinute)];
  const step = perSecond * INTERVAL_SECONDS;
  const rest = later * INTERVAL_SECONDS;
  const counted = step * before + rest * during;
  return [
    ...(before === 0 ? [] : [`0+${step}x${before - 1}`]),
    `${step * before}+${rest}x${during - 1}`,
    `${counted}+${step}x${SAMPLES - before - during}`,
  ].join(' ');
};

/** A gauge that has one value until a minute, and then another. */
export const changing = (value: number, later = value, fromMinute = 0): string => {
  const before = (fromMinute * 60) / INTERVAL_SECONDS;
  return before === 0
    ? `${later}x${SAMPLES}`
    : `${value}x${before - 1} ${later}x${SAMPLES - before}`;
};

/** Requests a second, how many of them fail and how long the others take, before a minute and from it on. */
export interface Traffic {
  readonly service: string;
  readonly operation: string;
  readonly seconds?: number;
  readonly errorShare?: number;
  readonly slowShare?: number;
  readonly fromMinute?: number;
  /** @default for ever */
  readonly untilMinute?: number;
}

/** Requests of an operation as its server counts them, and as the edge does. */
export function traffic({ service, operation, seconds = 0.03, ...given }: Traffic): Series {
  const { errorShare = 0, slowShare = 1, fromMinute = 10, untilMinute } = given;
  const node = graph.services.find(({ name }) => name === service);
  const method = node?.methods.find(({ name }) => name === operation);
  const server = `rpc_server_call_duration_seconds%{job="${service}",rpc_method="${node?.contract ?? ''}/${operation}",rpc_status_code="STATUS"BOUND}`;
  const [route] = method?.routes ?? [];
  const edge =
    route === undefined
      ? []
      : [
          `http_server_request_duration_seconds%{job="gateway",http_request_method="${route.verb}",http_route="${route.path}",http_response_status_code="STATUS"BOUND}`,
        ];
  return Object.assign(
    {},
    ...[server, ...edge].map((series) => {
      const isServer = series === server;
      const named = (suffix: string, status: string, le = '') =>
        series.replace('%', suffix).replace('STATUS', status).replace('BOUND', le);
      const good = 10 * (1 - errorShare);
      return {
        [named('_count', isServer ? 'OK' : '200')]: growing(10, good, fromMinute, untilMinute),
        [named('_count', isServer ? 'UNAVAILABLE' : '503')]: growing(
          0,
          10 * errorShare,
          fromMinute,
          untilMinute,
        ),
        ...Object.fromEntries(
          DURATION_BOUNDS_SECONDS.flatMap((bound) => {
            const later = bound >= seconds ? good : good * (bound >= 0.03 ? 1 - slowShare : 0);
            const le = `,le="${bound === 1 ? '1.0' : String(bound)}"`;
            return [
              [
                named('_bucket', isServer ? 'OK' : '200', le),
                growing(bound >= 0.03 ? 10 : 0, later, fromMinute, untilMinute),
              ],
              [
                named('_bucket', isServer ? 'UNAVAILABLE' : '503', le),
                growing(0, 10 * errorShare, fromMinute, untilMinute),
              ],
            ];
          }),
        ),
      };
    }),
  ) as Series;
}

/** Which alerts fire at a moment, as '<alert> <service> <severity>'. */
export const firing = (at: string, ...alerts: readonly string[]): Question => ({
  at,
  query:
    'sum by (alertname, service, severity) (ALERTS{alertstate="firing",alertname!="Heartbeat"})',
  answer: Object.fromEntries(
    alerts.map((alert) => {
      const [name = '', service = '', severity = ''] = alert.split(' ');
      return [`{alertname="${name}",service="${service}",severity="${severity}"}`, 1];
    }),
  ),
});
