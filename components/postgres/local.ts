import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { PostgresDatabase } from '@meridian/provider-local/resources/postgres-database.ts';
import { PostgresRole } from '@meridian/provider-local/resources/postgres-role.ts';
import { PostgresSchema } from '@meridian/provider-local/resources/postgres-schema.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { firstZone } from '../local/addresses.ts';
import { bindingFolder, merged } from '../local/binding-folder.ts';
import { engineIdentity, NO_USE } from '../local/engine.ts';
import type { EngineUse, LocalEngine } from '../local/engine.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { installedVersion } from '../service/program-sources.ts';
import { replicaCount } from '../local/replica-count.ts';
import { connectionPlan } from '../model/database-connections.ts';
import { databaseGrants } from '../model/grants.ts';
import type { DatabaseGrant } from '../model/grants.ts';
import { hostAddress } from '../model/network.ts';
import {
  ENGINE_METRICS_PROCESS,
  MONITOR,
  MONITOR_BINDINGS,
  MONITOR_GRANTS,
} from '../observability/engines/monitor.ts';
import { ARCHIVE_FOLDER, ARCHIVE_VARIABLE } from './postgres-archive.ts';
import { postgresBinding, POSTGRES_IDENTITY_FOLDER } from './postgres-binding.ts';
import type { PostgresLanding } from './postgres.ts';
import { pgHbaConf, pgIdentConf, postgresqlConf, SUPERUSER } from './postgres-configuration.ts';
import type { PostgresListen, PostgresServing } from './postgres-configuration.ts';
import { postgresRoles } from './postgres-roles.ts';
import type { PlatformRole } from './postgres-roles.ts';

/** Where the server listens in its zone. */
const PORT_OFFSET = 2;
const PLACE = { host: 2, ports: [PORT_OFFSET] } as const;

/** One server in the first zone; design.md has it move to a replicated one with a later issue. */
export interface LocalPostgres {
  readonly zone: string;
  readonly listen: PostgresListen;
  readonly process: ProcessSpec;
  readonly roles: readonly PlatformRole[];
  readonly databases: readonly { readonly name: string; readonly owner: string }[];
  readonly schemas: readonly LocalSchema[];
}

/** The tables of one database and who uses them. */
export interface LocalSchema {
  readonly database: string;
  readonly owner: string;
  readonly folder: string;
  readonly digest: string;
  readonly serviceRoles: readonly string[];
  readonly appendOnly: readonly string[];
}

/** The server, its databases, roles and schemas. */
export function lowerPostgres(context: LoweringContext): LocalPostgres {
  const { graph, settings, sources } = context;
  const grants = databaseGrants(graph);
  const listen = listenOf(context);
  return {
    zone: firstZone(graph).name,
    listen,
    process: postgresProcess(
      { ...listen, archive: settings.postgresArchive },
      grants,
      installedVersion(sources, 'postgres'),
    ),
    roles: postgresRoles(
      grants,
      connectionPlan(graph, (service) => replicaCount(service, settings)),
    ),
    databases: grants.map(({ database, ownerRole }) => ({ name: database, owner: ownerRole })),
    schemas: grants.map(({ database, ownerRole, serviceRole, migrations, appendOnly }) => ({
      database,
      owner: ownerRole,
      folder: migrations,
      digest: sources.migrations[migrations] ?? '',
      serviceRoles: [serviceRole],
      appendOnly,
    })),
  };
}

function listenOf({ graph, settings }: LoweringContext): PostgresListen {
  const { network } = firstZone(graph);
  return {
    address: hostAddress(network, PLACE.host),
    port: settings.portBase + PORT_OFFSET,
  };
}

function postgresProcess(
  { archive, ...listen }: PostgresServing,
  grants: readonly DatabaseGrant[],
  revision: string,
): ProcessSpec {
  const binaries = '${cache}/postgres/current/bin';
  return {
    name: 'postgres',
    revision,
    command: [
      `${binaries}/postgres`,
      '-D',
      '${data}/cluster',
      '-c',
      'config_file=${self}/postgresql.conf',
      '-c',
      'hba_file=${self}/pg_hba.conf',
      '-c',
      'ident_file=${self}/pg_ident.conf',
    ],
    environment: archive ? { [ARCHIVE_VARIABLE]: ARCHIVE_FOLDER } : {},
    files: {
      'postgresql.conf': postgresqlConf({ ...listen, archive }),
      'pg_hba.conf': pgHbaConf(grants),
      'pg_ident.conf': pgIdentConf(grants),
    },
    liveFiles: {},
    identities: [
      {
        folder: 'tls',
        uris: [],
        commonName: 'postgres',
        dnsNames: [],
        addresses: [listen.address],
        usages: ['server'],
      },
    ],
    listens: [{ name: 'postgresql', ...listen }],
    prepare: { command: initdb(`${binaries}/initdb`), creates: '${data}/cluster' },
    readiness: { kind: 'tcp', ...listen, timeoutSeconds: 60 },
    // PostgreSQL's fast shutdown: roll back what is open, disconnect, checkpoint.
    stop: { signal: 'SIGINT', graceSeconds: 30 },
    onRenew: 'SIGHUP',
    runs: 'always',
    data: true,
  };
}

/** The cluster appears under its name only when initdb is done, so a crash half-way starts over. */
function initdb(program: string): readonly string[] {
  const script = [
    'rm -rf "$2.new"',
    `"$1" -D "$2.new" -U ${SUPERUSER} -E UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=reject --data-checksums --no-instructions`,
    'mv "$2.new" "$2"',
  ].join(' && ');
  return ['/bin/sh', '-c', script, 'initdb', program, '${data}/cluster'];
}

/** Runs the server in its zone's agent and fills it with the local provider. */
export function landPostgres(lowered: LocalPostgres): PostgresLanding {
  return (parent, name, { zones }) => {
    const { listen, process } = lowered;
    const host = zones.host(lowered.zone);
    const engine = new Process(
      `${name}-server`,
      { zone: host.zone, spec: process },
      { parent, dependsOn: host.resource, protect: true },
    );
    const server = { zone: host.zone, process: process.name, port: listen.port };
    // What lies in the server goes with it.
    const inside = { parent, dependsOn: [engine], deletedWith: engine };
    const roles = lowered.roles.map(
      (role) => new PostgresRole(`${name}-role-${role.name}`, { server, ...role }, inside),
    );
    const databases = lowered.databases.map(
      (database) =>
        new PostgresDatabase(
          `${name}-database-${database.name}`,
          { server, ...database },
          { ...inside, dependsOn: [engine, ...roles], protect: true },
        ),
    );
    for (const schema of lowered.schemas) {
      const dependsOn = [engine, ...roles, ...databases];
      new PostgresSchema(
        `${name}-schema-${schema.database}`,
        { server, ...schema },
        { ...inside, dependsOn },
      );
    }
    return { host: listen.address, port: listen.port };
  };
}

/** A binding to each database of a service, and a certificate in the name of its role. */
function usePostgres(context: LoweringContext, workload: string): EngineUse {
  if (workload === ENGINE_METRICS_PROCESS) return monitorPostgres(context);
  const grants = databaseGrants(context.graph).filter(({ service }) => service === workload);
  const [first] = grants;
  if (first === undefined) return NO_USE;
  const { address: host, port } = listenOf(context);
  return {
    files: merged(
      grants.map((grant) => bindingFolder(grant.binding, postgresBinding(grant, { host, port }))),
    ),
    identities: [engineIdentity(POSTGRES_IDENTITY_FOLDER, first.serviceRole)],
  };
}

/** What the server says of itself is for one that owns nothing there. */
function monitorPostgres(context: LoweringContext): EngineUse {
  const { address: host, port } = listenOf(context);
  const binding = postgresBinding(MONITOR_GRANTS.postgres, { host, port });
  return {
    files: bindingFolder(MONITOR_BINDINGS.postgres, binding),
    identities: [engineIdentity(POSTGRES_IDENTITY_FOLDER, MONITOR)],
  };
}

/** PostgreSQL on this machine. */
export const localPostgres: LocalEngine<LocalPostgres, PostgresLanding> = {
  lower: lowerPostgres,
  land: landPostgres,
  place: PLACE,
  problems: () => [],
  use: usePostgres,
};
