import type * as k8s from '@meridian/components/kubernetes/k8s.ts';
import type { KubernetesPart } from '@meridian/components/kubernetes/manifest.ts';
import type { ManagedRole } from '@meridian/components/postgres/kubernetes/access.ts';
import { Client, escapeIdentifier } from 'pg';
import { startPostgres } from '../engines/postgres.ts';
import type { ServerIdentity, ThrowAwayPostgres } from '../engines/postgres.ts';

/** Starts a server with the access rules of a cluster's object. */
export function startOperated(
  part: KubernetesPart,
  tls: ServerIdentity,
): Promise<ThrowAwayPostgres> {
  const { pg_hba: rules = [], pg_ident: maps = [] } = clusterOf(part).postgresql ?? {};
  return startPostgres({ tls, access: { rules, maps } });
}

/**
 * A stand-in for CloudNativePG: makes the roles and databases that the manifests describe, in SQL as
 * its instance manager has it.
 */
export async function operate(part: KubernetesPart, server: ThrowAwayPostgres): Promise<void> {
  const client = new Client({
    host: server.socketFolder,
    port: server.port,
    user: server.superuser,
    database: 'postgres',
  });
  await client.connect();
  try {
    for (const role of clusterOf(part).managed?.roles ?? []) await makeRole(client, role);
    for (const { spec } of objects(part, 'Database') as readonly k8s.Database[]) {
      const [name, owner] = [escapeIdentifier(spec.name), escapeIdentifier(spec.owner)];
      await client.query(
        `CREATE DATABASE ${name} OWNER ${owner} TEMPLATE ${spec.template ?? 'template1'} ENCODING '${spec.encoding ?? ''}' LC_COLLATE '${spec.localeCollate ?? ''}' LC_CTYPE '${spec.localeCType ?? ''}'`,
      );
    }
  } finally {
    await client.end();
  }
}

async function makeRole(client: Client, role: ManagedRole): Promise<void> {
  const name = escapeIdentifier(role.name);
  const attributes = [
    role.login ? 'LOGIN' : 'NOLOGIN',
    role.inherit ? 'INHERIT' : 'NOINHERIT',
    `CONNECTION LIMIT ${role.connectionLimit ?? -1}`,
  ].join(' ');
  await client.query(`CREATE ROLE ${name} ${attributes}`);
  for (const group of role.inRoles ?? []) {
    await client.query(`GRANT ${escapeIdentifier(group)} TO ${name}`);
  }
}

function clusterOf(part: KubernetesPart): k8s.Cluster['spec'] {
  const [cluster] = objects(part, 'Cluster') as readonly k8s.Cluster[];
  if (cluster === undefined) throw new Error('The part has no Cluster');
  return cluster.spec;
}

/** The objects of a kind. */
export function objects({ steps }: KubernetesPart, kind: string): readonly unknown[] {
  return steps
    .flatMap(({ manifests = [] }) => manifests)
    .filter((manifest) => manifest.kind === kind);
}
