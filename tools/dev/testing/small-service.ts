import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalReplica } from '@meridian/components/service/local.ts';
import type { DevelopedService } from '@meridian/components/local/lower-development.ts';
import { TestZone } from '@meridian/provider-local/agent/testing/test-zone.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';

const ADDRESS_FILE = 'bindings/web/addresses';

/** What `web` answers, and how it ends; the rest of its code stays the same. */
export interface Code {
  readonly answer: string;
  /** After it was ready. @default never */
  readonly endsAfterMs?: number;
  /** Runs before it listens. */
  readonly first?: string;
}

function source({ answer, endsAfterMs, first = '' }: Code): string {
  return `import { createServer } from 'node:http';
${first}
const [host, port] = process.env.LISTEN.split(':');
let held = 0;
const server = createServer((request, response) => {
  if (request.url === '/readyz') {
    response.end();
    ${endsAfterMs === undefined ? '' : `setTimeout(() => { console.error('gives up'); process.exit(3); }, ${endsAfterMs});`}
    return;
  }
  setTimeout(() => response.end('${answer}'), Number(new URL(request.url, 'http://web').searchParams.get('ms')));
}).listen(Number(port), host);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
}

/**
 * A service of one file with a real agent, and a caller that is told where it is by a live file:
 * it asks where that file says at the moment.
 */
export class SmallService {
  readonly zone: TestZone;
  readonly developed: DevelopedService;
  readonly #original: ProcessSpec;

  private constructor(zone: TestZone, places: readonly LocalReplica[]) {
    this.zone = zone;
    const [first, ...standIns] = places;
    if (first === undefined) throw new Error('no place');
    this.#original = { ...first.process, name: 'web-t-0', revision: 'program' };
    this.developed = { name: 'web', standIns, callees: [], addressFile: ADDRESS_FILE };
  }

  static async start(): Promise<SmallService> {
    const zone = await TestZone.create();
    await zone.start();
    const port = await freePort('127.0.9.10');
    const places = Array.from({ length: 6 }, (_, index): LocalReplica => {
      const address = `127.0.9.${10 + index}`;
      return {
        zone: 't',
        address,
        port,
        process: processAt(zone, `web-t-${8 - index}`, address, port),
      };
    });
    const service = new SmallService(zone, places);
    service.save({ answer: 'first' });
    await zone.run(service.#original);
    await zone.run(zone.spec('caller', { liveFiles: { [ADDRESS_FILE]: `127.0.9.10:${port}\n` } }));
    return service;
  }

  /** As an editor does: another file is moved over the one that is there. */
  save(code: Code): void {
    const file = path.join(this.zone.folders.program, 'services/web/main.ts');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}~`, source(code));
    renameSync(`${file}~`, file);
  }

  /** The addresses that the caller is told. */
  addresses(): string {
    return readFileSync(this.zone.self('caller', ADDRESS_FILE), 'utf8').trim();
  }

  /** Asks as a caller would. */
  async ask(takesMs = 0): Promise<string> {
    const answer = await fetch(`http://${this.addresses()}/?ms=${takesMs}`, {
      headers: { connection: 'close' },
    });
    return await answer.text();
  }

  /** Every replica, with its state. */
  async replicas(): Promise<readonly string[]> {
    const { processes } = await this.zone.client.status();
    return processes
      .filter(({ name }) => name.startsWith('web-'))
      .map(({ name, state }) => `${name} ${state}`)
      .sort();
  }

  /** Back to the one replica of the program. */
  async reset(): Promise<void> {
    this.save({ answer: 'first' });
    await this.zone.run(this.#original);
    const { processes } = await this.zone.client.status();
    const caller = await this.zone.client.spec('caller');
    const { address = '', port = 0 } = this.#original.listens[0] ?? {};
    await this.zone.client.putProcess({
      ...caller,
      liveFiles: { [ADDRESS_FILE]: `${address}:${port}\n` },
    });
    await Promise.all(
      processes
        .filter(({ name }) => /^web-t-[1-9]/.test(name))
        .map(({ name }) => this.zone.client.deleteProcess(name)),
    );
  }
}

function processAt(zone: TestZone, name: string, address: string, port: number): ProcessSpec {
  return zone.spec(name, {
    command: [
      '${node}',
      '--disable-warning=ExperimentalWarning',
      '${program}/services/web/main.ts',
    ],
    environment: { LISTEN: `${address}:${port}` },
    listens: [{ name: 'http', address, port }],
    readiness: { kind: 'http', url: `http://${address}:${port}/readyz`, timeoutSeconds: 20 },
  });
}
