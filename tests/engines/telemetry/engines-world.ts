import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import type { TelemetryEngine } from '../../../tools/engines/telemetry-programs.ts';
import * as configurations from './configurations.ts';
import { portNames, type Places, type PortName } from './configurations.ts';
import { EngineProcess, type EngineStart } from './engine-process.ts';

const ADDRESS = '127.0.9.1';

/** What Alertmanager sends (webhook, version 4), as far as it is read here. */
export interface Notification {
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** All engines of telemetry, each with its tried configuration, and what is around them: a replica and a pager. */
export class EnginesWorld {
  readonly places: Places;
  /** What the pager was told, the oldest first. */
  readonly notifications: Notification[] = [];
  readonly #engines = new Map<TelemetryEngine, EngineProcess>();
  readonly #hook: Server;
  #replica: Server | undefined;

  private constructor(places: Places, hook: Server) {
    this.places = places;
    this.#hook = hook;
    hook.on('request', (request, response) => {
      void text(request).then((body) => {
        this.notifications.push(JSON.parse(body) as Notification);
        response.end();
      });
    });
  }

  static async start(): Promise<EnginesWorld> {
    const folder = mkdtempSync(path.join(tmpdir(), 'telemetry-'));
    for (const name of ['logs', 'targets']) mkdirSync(path.join(folder, name));
    const ports = {} as Record<PortName, number>;
    for (const name of portNames) ports[name] = await freePort(ADDRESS);
    const hook = createServer().listen(await freePort(ADDRESS), ADDRESS);
    await once(hook, 'listening');
    const places = { address: ADDRESS, ports, folder, hook: uriOf(hook) };
    const world = new EnginesWorld(places, hook);
    world.#write('otelcol.json', configurations.collector(places));
    world.#write('jaeger.json', configurations.jaeger(places));
    world.#write('prometheus.json', configurations.prometheus(places));
    world.#write('rules.json', configurations.rules);
    world.#write('alertmanager.json', configurations.alertmanager(places));
    try {
      for (const engine of ENGINES) await world.startEngine(engine);
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  /** The address of something that listens. */
  at(name: PortName): string {
    return `http://${ADDRESS}:${this.places.ports[name]}`;
  }

  file(name: string): string {
    return path.join(this.places.folder, name);
  }

  engine(name: TelemetryEngine): EngineProcess {
    const engine = this.#engines.get(name);
    if (engine === undefined) throw new Error(`${name} has not been started`);
    return engine;
  }

  async startEngine(engine: TelemetryEngine): Promise<void> {
    this.#engines.set(engine, await EngineProcess.start(this.places.folder, this.#startOf(engine)));
  }

  /** Serves metrics as a replica does, and tells the collector where. */
  async startReplica(exposition: string): Promise<void> {
    const port = await freePort(ADDRESS);
    this.#replica = createServer((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(exposition);
    }).listen(port, ADDRESS);
    await once(this.#replica, 'listening');
    const group = { targets: [`${ADDRESS}:${port}`], labels: { service: 'shop', zone: 'a' } };
    this.#write('targets/shop.json', [group]);
  }

  /** The replica goes, and the graph still expects it. */
  async stopReplica(): Promise<void> {
    const replica = this.#replica;
    if (replica === undefined) return;
    replica.closeAllConnections();
    replica.close();
    await once(replica, 'close');
    this.#replica = undefined;
  }

  /** Asks an engine for JSON; undefined where it has not got it. */
  async ask<Answer>(name: PortName, route: string): Promise<Answer | undefined> {
    const response = await fetch(`${this.at(name)}${route}`);
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${name} answered ${response.status} to ${route}`);
    return (await response.json()) as Answer;
  }

  /** What Prometheus answers to an instant query: labels and value of each series. */
  async query(promql: string): Promise<readonly Sample[]> {
    const route = `/api/v1/query?query=${encodeURIComponent(promql)}`;
    const answer = await this.ask<QueryAnswer>('prometheus', route);
    return (answer?.data.result ?? []).map(({ metric, value }) => ({ ...metric, value: value[1] }));
  }

  /** The log lines that a LogsQL query finds. */
  async lines(logsql: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const route = `/select/logsql/query?query=${encodeURIComponent(logsql)}`;
    const answer = await (await fetch(`${this.at('victorialogs')}${route}`)).text();
    return answer
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
  }

  /** Whether so much waits in the collector for stores that are away, by its own metrics. */
  async areQueued(least: { readonly spans: number; readonly lines: number }): Promise<boolean> {
    const exposition = await (await fetch(`${this.at('collectorMetrics')}/metrics`)).text();
    const queued = (exporter: string): number =>
      Number(
        new RegExp(
          `^otelcol_exporter_queue_size{.*exporter="otlp_http/${exporter}".*} (.*)$`,
          'm',
        ).exec(exposition)?.[1] ?? 0,
      );
    return queued('traces') >= least.spans && queued('logs') >= least.lines;
  }

  /** The spans of a trace that Jaeger has, by their names. */
  async spans(traceId: string): Promise<readonly string[]> {
    const answer = await this.ask<TraceAnswer>('jaegerQuery', `/api/traces/${traceId}`);
    return (answer?.data ?? []).flatMap(({ spans }) => spans.map((span) => span.operationName));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#engines.values()].map((engine) => engine.stop()));
    await this.stopReplica();
    this.#hook.closeAllConnections();
    this.#hook.close();
    rmSync(this.places.folder, { recursive: true, force: true });
  }

  #write(name: string, value: unknown): void {
    writeFileSync(this.file(name), JSON.stringify(value, undefined, 2));
  }

  #startOf(engine: TelemetryEngine): EngineStart {
    const { address, ports, folder } = this.places;
    const at = (name: PortName) => `${address}:${ports[name]}`;
    const starts: Readonly<Record<TelemetryEngine, Omit<EngineStart, 'engine'>>> = {
      otelcol: {
        executable: 'otelcol',
        args: ['--config', this.file('otelcol.json')],
        ready: this.at('collectorHealth'),
      },
      jaeger: {
        executable: 'jaeger',
        args: ['--config', this.file('jaeger.json')],
        ready: `${this.at('jaegerHealth')}/status`,
      },
      prometheus: {
        executable: 'prometheus',
        args: [
          `--config.file=${this.file('prometheus.json')}`,
          `--storage.tsdb.path=${folder}/metrics`,
          `--web.listen-address=${at('prometheus')}`,
          '--web.enable-remote-write-receiver',
          '--enable-feature=exemplar-storage',
        ],
        ready: `${this.at('prometheus')}/-/ready`,
      },
      alertmanager: {
        executable: 'alertmanager',
        args: [
          `--config.file=${this.file('alertmanager.json')}`,
          `--storage.path=${folder}/alerts`,
          `--web.listen-address=${at('alertmanager')}`,
          // There is one: without this it listens for others everywhere.
          '--cluster.listen-address=',
        ],
        ready: `${this.at('alertmanager')}/-/ready`,
      },
      victorialogs: {
        executable: 'victoria-logs',
        args: [
          `-storageDataPath=${folder}/lines`,
          `-httpListenAddr=${at('victorialogs')}`,
          '-memory.allowedBytes=64MiB',
        ],
        ready: `${this.at('victorialogs')}/health`,
      },
    };
    return { engine, ...starts[engine] };
  }
}

/** Stores first: the collector is ready when it can send. */
const ENGINES = ['victorialogs', 'jaeger', 'alertmanager', 'prometheus', 'otelcol'] as const;

type Sample = Readonly<Record<string, string>> & { readonly value: string };

interface QueryAnswer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

interface TraceAnswer {
  readonly data: readonly { readonly spans: readonly { readonly operationName: string }[] }[];
}

function uriOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('It listens on no port');
  return `http://${bound.address}:${bound.port}/`;
}
