import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TELEMETRY_ZONE } from '@meridian/components/observability/local-places.ts';
import { OPERATOR_TLS_FOLDER } from '@meridian/components/observability/local/telemetry-tls.ts';
import { ALERT } from '@meridian/components/observability/rules/alert.ts';
import { telemetryName } from '@meridian/components/observability/telemetry-names.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import { Pool } from 'undici';
import { z } from 'zod';
import type { PlatformView } from './platform-view.ts';

const STORE = 'prometheus';
const TIMEOUT_MS = 10_000;

const alerts = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()) })),
  }),
});

/** An alert whose record is 1. */
export interface Firing {
  readonly alert: string;
  readonly about: string;
}

/** Prometheus, asked for alerts and told to forget what a drill wrote. */
export class MetricsStore implements AsyncDisposable {
  readonly #pool: Pool;

  constructor(platform: PlatformView) {
    const { process } = platform.process(STORE);
    const [listen] = process.listens;
    const { self } = placeholdersOf(platform.folders, TELEMETRY_ZONE.name, STORE);
    const read = (file: string): string =>
      readFileSync(path.join(self, OPERATOR_TLS_FOLDER, file), 'utf8');
    this.#pool = new Pool(`https://${listen?.address}:${listen?.port}`, {
      connections: 2,
      connect: {
        ...{ ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') },
        ...{ servername: telemetryName(STORE), minVersion: 'TLSv1.3' },
      },
    });
  }

  /** Alerts that fire now, by Prometheus' records. */
  async firing(): Promise<readonly Firing[]> {
    const { status, text } = await this.#send('GET', '/api/v1/query', {
      query: `max by (alert, service) (${ALERT} == 1)`,
    });
    if (status !== 200) throw refused(status, text);
    return alerts.parse(JSON.parse(text)).data.result.map(({ metric }) => ({
      alert: metric['alert'] ?? '',
      about: metric['service'] ?? '',
    }));
  }

  /** Whether a record of rules has been made since a moment. */
  async hasRecordedSince(sinceMs: number): Promise<boolean> {
    const { status, text } = await this.#send('GET', '/api/v1/query', {
      query: `timestamp(${ALERT}) > ${sinceMs / 1_000}`,
    });
    return status === 200 && alerts.parse(JSON.parse(text)).data.result.length > 0;
  }

  /** Deletes all series of a span of time. */
  async forget(fromMs: number, toMs: number): Promise<void> {
    await this.#delete('.+', fromMs, toMs);
  }

  /** Deletes what rules have recorded in a span of time; what was measured stays. */
  async forgetRecords(fromMs: number, toMs: number): Promise<void> {
    await this.#delete('.+:.+', fromMs, toMs);
  }

  /** Source: Prometheus 3, "TSDB Admin APIs". */
  async #delete(names: string, fromMs: number, toMs: number): Promise<void> {
    const { status, text } = await this.#send('POST', '/api/v1/admin/tsdb/delete_series', {
      'match[]': `{__name__=~"${names}"}`,
      start: String(fromMs / 1_000),
      end: String(toMs / 1_000),
    });
    if (status !== 204) throw refused(status, text);
  }

  async #send(
    method: 'GET' | 'POST',
    where: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const { statusCode, body } = await this.#pool.request({
      method,
      path: `${where}?${new URLSearchParams(parameters).toString()}`,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: statusCode, text: await body.text() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}

function refused(status: number, text: string): CodedError {
  return new CodedError(
    'TELEMETRY_REFUSED',
    `Prometheus: must answer a drill as its API says, got status ${status}: ${text.slice(0, 200)}; 'npm run logs -- ${STORE}' tells what it said`,
  );
}
