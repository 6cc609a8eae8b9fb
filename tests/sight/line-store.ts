import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { VictoriaLogs } from '../../tools/telemetry/stores/victorialogs.ts';
import type { RecordedLine } from '../../tools/sight/recorded-lines.ts';
import { EngineProcess, executableFile } from '../engines/telemetry/engine-process.ts';

const ADDRESS = '127.0.9.3';
const EXECUTABLE = 'victoria-logs';

/** As the collector's exporter has it, and what it makes of a record of OTLP. */
const INSERT = `/insert/jsonline?${new URLSearchParams({
  _stream_fields: 'service.name,severity_text',
  _time_field: '_time',
  _msg_field: '_msg',
}).toString()}`;

/** Whether VictoriaLogs is built here. */
export function hasLineStore(): boolean {
  return existsSync(executableFile('victorialogs', EXECUTABLE));
}

/** A VictoriaLogs that keeps any number of logs apart, each for a tenant. */
export class LineStore implements AsyncDisposable {
  readonly #folder: string;
  readonly #origin: string;
  readonly #engine: EngineProcess;
  #tenants = 0;

  private constructor(folder: string, origin: string, engine: EngineProcess) {
    this.#folder = folder;
    this.#origin = origin;
    this.#engine = engine;
  }

  static async start(): Promise<LineStore> {
    const folder = mkdtempSync(path.join(tmpdir(), 'meridian-lines-'));
    const at = `${ADDRESS}:${await freePort(ADDRESS)}`;
    const engine = await EngineProcess.start(folder, {
      engine: 'victorialogs',
      executable: EXECUTABLE,
      args: [
        ...[`-storageDataPath=${folder}/lines`, `-httpListenAddr=${at}`],
        // What was recorded is of one day, whenever it is asked.
        ...['-retentionPeriod=100y', '-futureRetention=100y', '-memory.allowedBytes=64MiB'],
      ],
      ready: `http://${at}/health`,
    });
    return new LineStore(folder, `http://${at}`, engine);
  }

  /** A log with these lines alone, which is asked as that of a platform is. */
  async logOf(lines: readonly RecordedLine[]): Promise<VictoriaLogs> {
    this.#tenants += 1;
    const headers = { AccountID: String(this.#tenants) };
    const body = lines.map((line) => JSON.stringify(line)).join('\n');
    await this.#ask(INSERT, { method: 'POST', headers, body });
    await this.#ask('/internal/force_flush', {});
    return new VictoriaLogs({
      text: async (route, parameters) => {
        const given = Object.entries(parameters).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value] as [string, string]] : [],
        );
        return await this.#ask(`${route}?${new URLSearchParams(given).toString()}`, { headers });
      },
    });
  }

  async #ask(route: string, init: RequestInit): Promise<string> {
    const answer = await fetch(`${this.#origin}${route}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`VictoriaLogs answers ${route} with ${answer.status}: ${text}`);
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
