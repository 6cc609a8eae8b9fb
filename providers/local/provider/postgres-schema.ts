import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { applyGrants, revokeGrants, rolesWithGrants } from '@meridian/provider-postgres/grants.ts';
import { migrationsRun, runMigrations } from '@meridian/provider-postgres/migrations.ts';
import { z } from 'zod';
import { nameOf } from '../postgres/admin-connection.ts';
import { findDatabase } from '../postgres/databases.ts';
import { identifierSchema, serverSchema } from '../postgres/identifiers.ts';
import { postgresAccess } from './engines.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

const inputs = z.strictObject({
  server: serverSchema,
  database: identifierSchema,
  owner: identifierSchema,
  folder: z
    .string()
    .regex(
      /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
      'must be a folder relative to the root of the program',
    ),
  digest: z.string().min(1, 'must be the digest of the migrations'),
  serviceRoles: z.array(identifierSchema),
  appendOnly: z.array(identifierSchema),
});
type SchemaInputs = z.infer<typeof inputs>;
const state = z.looseObject({
  server: serverSchema,
  database: z.string(),
  owner: z.string(),
  serviceRoles: z.array(z.string()),
  // A schema of an earlier program has none.
  appendOnly: z.array(z.string()).default([]),
});
type SchemaState = z.infer<typeof state>;

/** What `digest` reads as when other migrations have run than those that were run. */
const DRIFTED = 'drifted';

/** Manages `PostgresSchema`: migrations and grants. */
export const postgresSchemaHandler: ResourceHandler<SchemaInputs, SchemaState> = {
  inputs,
  state,
  inputKeys: ['server', 'database', 'owner', 'folder', 'digest', 'serviceRoles', 'appendOnly'],
  replacedBy: ['server', 'database'],
  async create(wanted, context) {
    const outputs = await migrate(wanted, [], context);
    const { server, database } = wanted;
    return { id: `${server.process}:${server.port}/schema/${database}`, outputs };
  },
  async read({ server, database, serviceRoles, appendOnly }, known, context) {
    const what = `Schema of database '${database}' of ${nameOf(server)}`;
    const exists = await postgresAccess.lookOr(
      context,
      { target: { server }, what, otherwise: 'unknown' },
      async (client) => ((await findDatabase(client, database)) === undefined ? 'no' : 'yes'),
    );
    if (exists !== 'yes') {
      return exists === 'no' ? undefined : known;
    }
    return postgresAccess.lookOr(
      context,
      { target: { server, database }, what, otherwise: known },
      async (client): Promise<Properties | undefined> => {
        const migrations = await migrationsRun(client);
        if (migrations.length === 0) {
          return undefined;
        }
        const same = isDeepStrictEqual(migrations, known['migrations']);
        return {
          ...known,
          migrations,
          digest: same ? known['digest'] : DRIFTED,
          serviceRoles: await rolesWithGrants(client, serviceRoles, appendOnly),
        };
      },
    );
  },
  update: (old, wanted, context) => migrate(wanted, old.serviceRoles, context),
  delete({ server, database, owner, serviceRoles }, context) {
    const what = `Grants in database '${database}' of ${nameOf(server)}`;
    return postgresAccess.delete(context, { server, database }, what, async (client) => {
      for (const role of serviceRoles) {
        await revokeGrants(client, { database, owner }, role);
      }
    });
  },
};

function migrate(
  wanted: SchemaInputs,
  formerRoles: readonly string[],
  context: Context,
): Promise<Properties> {
  const { server, database, owner, serviceRoles, appendOnly } = wanted;
  context.status(`running the migrations of ${wanted.folder} in database ${database}`);
  return postgresAccess.change(context, { server, database }, async (client) => {
    const folder = join(context.folders.program, wanted.folder);
    const migrations = await runMigrations(client, { folder, owner, database });
    await applyGrants(client, { database, owner, serviceRoles, appendOnly }, formerRoles);
    return { ...wanted, migrations };
  });
}
