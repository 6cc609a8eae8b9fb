import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresDatabase } from '../resources/postgres-database.ts';
import { PostgresRole } from '../resources/postgres-role.ts';
import { PostgresSchema } from '../resources/postgres-schema.ts';
import { Process } from '../resources/process.ts';
import { RootAuthority } from '../resources/root-authority.ts';
import { ZoneAgent } from '../resources/zone-agent.ts';
import { lifecycleSettingsSchema } from './lifecycle-settings.ts';
import { postgresSpec, webSpec } from './lifecycle-specs.ts';

const settings = lifecycleSettingsSchema.parse(
  JSON.parse(readFileSync(join(process.cwd(), 'settings.json'), 'utf8')),
);

const root = new RootAuthority('root', { trustDomain: 'meridian.local', lifetimeDays: 365 });
const agent = new ZoneAgent('zone-a', {
  zone: 'a',
  network: '127.0.1.0/24',
  rootFingerprint: root.fingerprint,
  leafLifetimeSeconds: settings.leafLifetimeSeconds,
});
const inZone = { dependsOn: agent };
const postgres = new Process(
  'postgres',
  { zone: agent.zone, spec: postgresSpec(settings) },
  inZone,
);
const server = { zone: 'a', process: 'postgres', port: settings.postgresPort };
const inServer = { dependsOn: postgres };
const owner = new PostgresRole('owner', { server, name: 'shop_owner', kind: 'owner' }, inServer);
const service = new PostgresRole('service', { server, name: 'shop', kind: 'service' }, inServer);
const database = new PostgresDatabase(
  'database',
  { server, name: 'shop', owner: owner.name },
  inServer,
);
new PostgresSchema('schema', {
  server,
  database: database.name,
  owner: owner.name,
  folder: 'migrations',
  digest: settings.migrationsDigest,
  serviceRoles: [service.name],
  appendOnly: [],
});
for (const web of settings.webs) {
  new Process(web.name, { zone: agent.zone, spec: webSpec(web) }, inZone);
}
