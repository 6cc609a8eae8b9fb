import { SERVICE_SETTINGS } from '@meridian/language/session-settings.ts';
import { z } from 'zod';
import { nameOf } from '../postgres/admin-connection.ts';
import { identifierSchema, serverSchema } from '../postgres/identifiers.ts';
import {
  databasesWithTraces,
  dropGrants,
  dropRole,
  ensureRole,
  findRole,
} from '../postgres/roles.ts';
import { DEFAULT_CONNECTION_LIMIT } from '../resources/postgres-role.ts';
import { postgresAccess } from './engines.ts';
import type { Properties, ResourceHandler } from './resource-handler.ts';

const inputs = z.strictObject({
  server: serverSchema,
  name: identifierSchema,
  kind: z.enum(['owner', 'service', 'monitor'], 'must be owner, service or monitor'),
  connectionLimit: z.int().min(1, 'must be 1 to 1000').max(1000, 'must be 1 to 1000'),
  state: z.literal('intact', 'is set by the provider'),
});
type RoleInputs = z.infer<typeof inputs>;
const state = z.looseObject({ server: serverSchema, name: z.string(), kind: z.string() });

/** Manages `PostgresRole`. */
export const postgresRoleHandler: ResourceHandler<RoleInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: ['server', 'name', 'kind', 'connectionLimit', 'state'],
  replacedBy: ['server', 'name', 'kind'],
  deleteBeforeReplace: true,
  defaults: () => ({ connectionLimit: DEFAULT_CONNECTION_LIMIT }),
  async create(wanted, context) {
    const { server, name } = wanted;
    await postgresAccess.change(context, { server }, (client) =>
      ensureRole(client, name, settingsOf(wanted)),
    );
    return { id: `${server.process}:${server.port}/role/${name}`, outputs: wanted };
  },
  async read({ server, name, kind }, known, context) {
    const what = `Role '${name}' of ${nameOf(server)}`;
    return postgresAccess.lookOr(
      context,
      { target: { server }, what, otherwise: known },
      async (client): Promise<Properties | undefined> => {
        const found = await findRole(client, name);
        if (found === undefined) {
          return undefined;
        }
        const limit = kind === 'owner' ? {} : { connectionLimit: found.connectionLimit };
        const altered = found.kind !== kind || !sameSettings(kind, found.settings);
        return { ...known, ...limit, state: altered ? 'altered' : 'intact' };
      },
    );
  },
  async update(_old, wanted, context) {
    await postgresAccess.change(context, { server: wanted.server }, (client) =>
      ensureRole(client, wanted.name, settingsOf(wanted)),
    );
    return wanted;
  },
  async delete({ server, name, kind }, context) {
    const what = `Role '${name}' of ${nameOf(server)}`;
    // Only a service's role owns nothing, so that taking back its grants loses no data.
    if (kind !== 'owner') {
      let databases: readonly string[] = [];
      await postgresAccess.delete(context, { server }, what, async (client) => {
        databases = await databasesWithTraces(client, name);
      });
      for (const database of databases) {
        await postgresAccess.delete(context, { server, database }, what, (client) =>
          dropGrants(client, name),
        );
      }
    }
    await postgresAccess.delete(context, { server }, what, (client) => dropRole(client, name));
  },
};

function settingsOf({ kind, connectionLimit }: RoleInputs) {
  return { kind, connectionLimit, settings: kind === 'owner' ? {} : SERVICE_SETTINGS };
}

function sameSettings(kind: string, found: Readonly<Record<string, string>>): boolean {
  const wanted: Readonly<Record<string, string>> = kind === 'owner' ? {} : SERVICE_SETTINGS;
  const keys = Object.keys(wanted);
  return (
    keys.length === Object.keys(found).length && keys.every((key) => wanted[key] === found[key])
  );
}
