import { closeSchema } from '@meridian/provider-postgres/closing.ts';
import { z } from 'zod';
import { nameOf } from '../postgres/admin-connection.ts';
import { dropDatabase, ensureDatabase, findDatabase } from '../postgres/databases.ts';
import { identifierSchema, serverSchema } from '../postgres/identifiers.ts';
import { postgresAccess } from './engines.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

const inputs = z.strictObject({
  server: serverSchema,
  name: identifierSchema,
  owner: identifierSchema,
});
type DatabaseInputs = z.infer<typeof inputs>;
const state = z.looseObject({ server: serverSchema, name: z.string() });

/** Manages `PostgresDatabase`. Deleting it loses its data: programs protect it. */
export const postgresDatabaseHandler: ResourceHandler<DatabaseInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: ['server', 'name', 'owner'],
  replacedBy: ['server', 'name'],
  deleteBeforeReplace: true,
  async create(wanted, context) {
    await ensure(wanted, context);
    const { server, name } = wanted;
    return { id: `${server.process}:${server.port}/database/${name}`, outputs: wanted };
  },
  async read({ server, name }, known, context) {
    const what = `Database '${name}' of ${nameOf(server)}`;
    return postgresAccess.lookOr(
      context,
      { target: { server }, what, otherwise: known },
      async (client): Promise<Properties | undefined> => {
        const found = await findDatabase(client, name);
        if (found === undefined) {
          return undefined;
        }
        return { ...known, owner: found.open ? 'everybody' : found.owner };
      },
    );
  },
  async update(_old, wanted, context) {
    await ensure(wanted, context);
    return wanted;
  },
  delete({ server, name }, context) {
    const what = `Database '${name}' of ${nameOf(server)}`;
    return postgresAccess.delete(context, { server }, what, (client) => dropDatabase(client, name));
  },
};

async function ensure({ server, name, owner }: DatabaseInputs, context: Context): Promise<void> {
  context.status(`making database ${name}`);
  await postgresAccess.change(context, { server }, (client) => ensureDatabase(client, name, owner));
  await postgresAccess.change(context, { server, database: name }, (client) =>
    closeSchema(client, owner),
  );
}
