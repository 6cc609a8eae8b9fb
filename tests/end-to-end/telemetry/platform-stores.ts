import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { telemetryListen } from '@meridian/components/observability/local-places.ts';
import { LOGS_USER, logsSecret } from '@meridian/components/observability/local/victorialogs.ts';
import { telemetryName } from '@meridian/components/observability/telemetry-names.ts';
import { localStackSettings } from '../../../tools/meridian/kept-settings.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

const HOUR_MS = 3_600_000;

/** A span as Jaeger's API tells it, as far as it is read. */
export interface StoredSpan {
  readonly traceID: string;
  readonly operationName: string;
  readonly processID: string;
  readonly references: readonly { readonly refType: string; readonly traceID: string }[];
  readonly tags: readonly { readonly key: string; readonly value: unknown }[];
}

/** A trace as Jaeger's API tells it. */
export interface StoredTrace {
  readonly traceID: string;
  readonly spans: readonly StoredSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

/** A sample of Prometheus: its labels, and its value. */
export type Sample = Readonly<Record<string, string>> & { readonly value: string };

/** The stores of a platform's telemetry, asked with the certificate of one of its own parts. */
export class PlatformStores {
  readonly #platform: PlatformUnderTest;

  constructor(platform: PlatformUnderTest) {
    this.#platform = platform;
  }

  /** What Prometheus answers to an instant query. */
  async query(promql: string): Promise<readonly Sample[]> {
    const answer = JSON.parse(
      await this.#ask('prometheus', `/api/v1/query?query=${encodeURIComponent(promql)}`),
    ) as {
      readonly data: {
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly value: readonly [number, string];
        }[];
      };
    };
    return answer.data.result.map(({ metric, value }) => ({ ...metric, value: value[1] }));
  }

  /** The log lines that a LogsQL query finds, in any order. */
  async lines(logsql: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const route = `/select/logsql/query?query=${encodeURIComponent(logsql)}`;
    return (await this.#ask('victorialogs', route))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
  }

  /** Names of all fields that lines have. */
  async lineFields(): Promise<readonly string[]> {
    const answer = await this.#ask('victorialogs', '/select/logsql/field_names?query=*');
    const { values } = JSON.parse(answer) as {
      readonly values: readonly { readonly value: string }[];
    };
    return values.map(({ value }) => value);
  }

  /** Traces in which a service has taken part. @param fromMs since 1970, @default an hour ago */
  async traces(
    service: string,
    limit: number,
    fromMs: number = Date.now() - HOUR_MS,
  ): Promise<readonly StoredTrace[]> {
    const span = { start: String(fromMs * 1_000), end: String(Date.now() * 1_000) };
    const asked = new URLSearchParams({ service, limit: String(limit), ...span });
    const found = await this.#ask('jaeger', `/api/traces?${asked.toString()}`);
    return (JSON.parse(found) as { readonly data: readonly StoredTrace[] }).data;
  }

  #places() {
    return {
      prometheus: telemetryListen(this.#platform, 'prometheus', 'https'),
      victorialogs: telemetryListen(this.#platform, 'victorialogs', 'https'),
      jaeger: telemetryListen(this.#platform, 'jaeger', 'query'),
    } as const;
  }

  async #ask(part: 'prometheus' | 'victorialogs' | 'jaeger', route: string): Promise<string> {
    const { state } = this.#platform;
    const folder = path.join(state, 'zones/telemetry/processes/prometheus/tls');
    const file = (name: string) => readFileSync(path.join(folder, name));
    const generation = localStackSettings(this.#platform.folders).all[
      'meridian:passwordGeneration'
    ];
    const secret = path.join(state, 'credentials', logsSecret(Number(generation ?? 1)));
    const { address: host, port: number } = this.#places()[part];
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(
        {
          ...{ host, port: number, path: route, servername: telemetryName(part) },
          ...{ cert: file('tls.crt'), key: file('tls.key'), ca: file('ca.crt') },
          ...(part === 'victorialogs'
            ? { auth: `${LOGS_USER}:${readFileSync(secret, 'utf8').trim()}` }
            : {}),
          agent: false,
          timeout: 20_000,
        },
        resolve,
      )
        .on('error', reject)
        .end();
    });
    const body = await text(response);
    if (response.statusCode === 404) return '{"data":[]}';
    if (response.statusCode !== 200) {
      throw new Error(`${part} answered ${response.statusCode ?? 0} to ${route}: ${body}`);
    }
    return body;
  }
}
