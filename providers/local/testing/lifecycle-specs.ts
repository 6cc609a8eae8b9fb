import type { ProcessSpec } from '../process-spec.ts';
import type { LifecycleSettings, WebSettings } from './lifecycle-settings.ts';

export const POSTGRES_ADDRESS = '127.0.1.2';
export const WEB_ADDRESS = '127.0.1.20';

const base = {
  revision: '1',
  environment: {},
  liveFiles: {},
  identities: [],
  onRenew: 'none',
  runs: 'always',
} as const;

/** What lets the superuser in: anybody who can enter the socket's folder. */
const POSTGRES_FILES = {
  'pg_hba.conf': 'local all postgres peer map=superuser\nlocal all all trust\n',
  'pg_ident.conf': 'superuser /^.*$ postgres\n',
} as const;

/** PostgreSQL without TLS: what the lifecycle needs of it is a data folder and a socket. */
export function postgresSpec(settings: LifecycleSettings): ProcessSpec {
  const { postgresBinaries: binaries, postgresPort: port } = settings;
  const initdb = [`${binaries}/initdb`, '-D', '${data}/cluster', '-U', 'postgres', '-E', 'UTF8'];
  return {
    ...base,
    name: 'postgres',
    command: [
      `${binaries}/postgres`,
      ...['-D', '${data}/cluster', '-p', String(port), '-k', '${runtime}', '-F'],
      ...['-c', `listen_addresses=${POSTGRES_ADDRESS}`],
      ...['-c', 'hba_file=${self}/pg_hba.conf', '-c', 'ident_file=${self}/pg_ident.conf'],
    ],
    files: POSTGRES_FILES,
    listens: [{ name: 'postgresql', address: POSTGRES_ADDRESS, port }],
    prepare: { command: [...initdb, '--locale=C.UTF-8', '--no-sync'], creates: '${data}/cluster' },
    readiness: { kind: 'tcp', address: POSTGRES_ADDRESS, port, timeoutSeconds: 30 },
    stop: { signal: 'SIGINT', graceSeconds: 10 },
    data: true,
  };
}

/** A small HTTP server. */
export function webSpec({ name, port, script }: WebSettings): ProcessSpec {
  return {
    ...base,
    name,
    command: ['${node}', '${self}/web.cjs'],
    files: { 'web.cjs': script },
    listens: [{ name: 'http', address: WEB_ADDRESS, port }],
    readiness: { kind: 'http', url: `http://${WEB_ADDRESS}:${port}/`, timeoutSeconds: 20 },
    stop: { signal: 'SIGTERM', graceSeconds: 1 },
    data: false,
  };
}

/** The script of a server that answers with `text`. */
export function webScript(text: string, port: number): string {
  const answer = JSON.stringify(text);
  return `require('node:http').createServer((_, response) => response.end(${answer})).listen(${port}, '${WEB_ADDRESS}');\n`;
}
