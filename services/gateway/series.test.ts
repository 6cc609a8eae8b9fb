import { describe, expect, test } from '@jest/globals';
import { methodName } from '@meridian/language/method.ts';
import { SERVER_ERRORS } from '@meridian/kit/rpc/outcome.ts';
import { serverCallTimer } from '@meridian/kit/rpc/rpc-metrics.ts';
import { parseConfiguration } from '@meridian/kit/configuration.ts';
import { expose } from '@meridian/kit/telemetry/exposition.ts';
import { createLogger } from '@meridian/kit/telemetry/logger.ts';
import { createMetrics } from '@meridian/kit/telemetry/metrics.ts';
import { Tracing } from '@meridian/kit/telemetry/tracing.ts';
import { PUBLIC_SERVICES } from './gen/public-contracts.ts';
import { HttpTelemetry } from './http/telemetry.ts';
import { buildRouteTable } from './transcode/route-table.ts';

/** What a replica may have at most (docs/observability.md), and what is left for what it meets. */
const SERIES_MAX = 2_000;
const SHARE_AT_START = 0.65;

describe('series of a replica that has just started', () => {
  const configuration = parseConfiguration(
    JSON.stringify({
      ...{ service: 'gateway', version: '1', instance: 'gateway-a-0', zone: 'a' },
      ...{ environment: 'test', namespace: 'meridian', identityFolder: 'tls' },
      spiffeId: 'spiffe://meridian.local/ns/meridian/sa/gateway',
    }),
    'service.json',
  );

  async function seriesOf(text: Promise<{ readonly text: string }>): Promise<readonly string[]> {
    return (await text).text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  test('of the gateway are there for each of its real routes, and leave room for more', async () => {
    const metrics = createMetrics(configuration);
    const log = createLogger(configuration, { write: () => undefined });
    const telemetry = new HttpTelemetry({ metrics, log, tracing: new Tracing(configuration) });
    const { bindings } = buildRouteTable(PUBLIC_SERVICES.map(([, contract]) => contract));
    telemetry.existsFor(bindings);
    const series = await seriesOf(expose(metrics.registry, undefined));
    for (const { verb, template } of bindings) {
      for (const status of ['200', '500', '503']) {
        expect(series).toContain(
          `http_server_request_duration_seconds_count{http_request_method="${verb}",http_route="${template.source}",http_response_status_code="${status}"} 0`,
        );
      }
    }
    expect(series.length).toBeLessThan(SERIES_MAX * SHARE_AT_START);
  });

  test.each(PUBLIC_SERVICES.map(([name, contract]) => ({ name, contract })))(
    'of $name are there for each of its methods, and leave room for more',
    async ({ contract }) => {
      const metrics = createMetrics(configuration);
      const calls = serverCallTimer(metrics.registry);
      for (const method of contract.methods) {
        for (const status of ['OK', ...SERVER_ERRORS] as const)
          calls.exists(methodName(method), status);
      }
      const series = await seriesOf(expose(metrics.registry, undefined));
      expect(series.filter((line) => line.includes('_count{'))).not.toEqual([]);
      expect(series.length).toBeLessThan(SERIES_MAX * SHARE_AT_START);
    },
  );
});
