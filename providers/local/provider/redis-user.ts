import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { expandPlaceholders, placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { nameSchema } from '../process-spec.ts';
import { redisName, redisServerSchema } from '../redis/admin-connection.ts';
import type { RedisAdmin, RedisServer } from '../redis/admin-connection.ts';
import {
  newPassword,
  passwordFingerprint,
  readPassword,
  removePassword,
  writePassword,
} from '../machine/passwords.ts';
import { areUsersKept } from '../redis/kept-users.ts';
import { dropUser, ensureUser, findUser } from '../redis/users.ts';
import { REDIS_ADMIN_USER, redisPasswordFile } from '../resources/redis-server.ts';
import { warnOfUnseen } from './engine-access.ts';
import { redisAccess } from './engines.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

const DEFAULT_GENERATION = 1;

/** How long an old password is still taken: a client that has just read it is still connecting. */
const OVERLAP_MS = 3000;

const inputs = z.strictObject({
  server: redisServerSchema,
  name: nameSchema.refine(
    (name) => name !== REDIS_ADMIN_USER && name !== 'default',
    `must not be '${REDIS_ADMIN_USER}' or 'default'`,
  ),
  rules: z
    .array(
      z
        .string()
        .regex(
          /^[~%+&-][^\s#<>]+$/,
          'must be a rule about keys, channels or commands, such as +get',
        ),
    )
    .min(1, 'must allow something'),
  generation: z.int().min(1, 'must be 1 or more'),
  state: z.literal('intact', 'is set by the provider'),
});
type UserInputs = z.infer<typeof inputs>;
const state = z.looseObject({ server: redisServerSchema, name: z.string() });

/** Manages `RedisUser`. */
export const redisUserHandler: ResourceHandler<UserInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: ['server', 'name', 'rules', 'generation', 'state'],
  replacedBy: ['server', 'name'],
  deleteBeforeReplace: true,
  defaults: () => ({ generation: DEFAULT_GENERATION }),
  async create(wanted, context) {
    const { server, name } = wanted;
    const file = passwordFile(context.folders, server, name);
    // A user that was lost with the server's data keeps its password: its clients have it.
    const kept = await readPassword(file);
    try {
      const outputs = await settle(wanted, context);
      return { id: `${server.process}:${server.port}/user/${name}`, outputs };
    } catch (thrown) {
      if (kept === undefined) await removePassword(file);
      throw thrown;
    }
  },
  async read({ server, name }, known, context) {
    const { folders } = context;
    const password = await readPassword(passwordFile(folders, server, name));
    const altered = { ...known, state: 'altered' };
    const look = await redisAccess.look(context, server, async (admin) => {
      const found = await findUser(admin, name);
      if (found === undefined) return undefined;
      const isIntact =
        password !== undefined &&
        found.passwordFingerprints.join() === passwordFingerprint(password) &&
        found.rightsFingerprint === known['rightsFingerprint'];
      return isIntact ? { ...known, state: 'intact' } : altered;
    });
    if (look.seen) return look.found;
    if (password === undefined || !(await areUsersKept(folders, server))) return altered;
    warnOfUnseen(context, userName(server, name), look.trouble);
    return known;
  },
  async update(old, wanted, context) {
    return (old['generation'] ?? DEFAULT_GENERATION) === wanted.generation
      ? settle(wanted, context)
      : rotate(wanted, context);
  },
  async delete({ server, name }, context) {
    await redisAccess.delete(context, server, userName(server, name), (admin) =>
      dropUser(admin, name),
    );
    await removePassword(passwordFile(context.folders, server, name));
  },
};

/** Makes the user with the password that there is, or with a new one. */
async function settle(wanted: UserInputs, context: Context): Promise<Properties> {
  const file = passwordFile(context.folders, wanted.server, wanted.name);
  const kept = await readPassword(file);
  const password = kept ?? newPassword();
  if (kept === undefined) await writePassword(file, password);
  return redisAccess.change(context, wanted.server, async (admin) => {
    await ensureUser(admin, wanted.name, wanted.rules, [passwordFingerprint(password)]);
    return outputsOf(wanted, password, admin);
  });
}

/** A new password: taken by the server before it is in the file, and the old one only a moment longer. */
async function rotate(wanted: UserInputs, context: Context): Promise<Properties> {
  const file = passwordFile(context.folders, wanted.server, wanted.name);
  const old = await readPassword(file);
  if (old === undefined) return settle(wanted, context);
  const password = newPassword();
  const [before, after] = [passwordFingerprint(old), passwordFingerprint(password)];
  return redisAccess.change(context, wanted.server, async (admin) => {
    await ensureUser(admin, wanted.name, wanted.rules, [before, after]);
    await writePassword(file, password);
    context.status(`waiting until nobody connects with the old password of ${wanted.name}`);
    await delay(OVERLAP_MS);
    await ensureUser(admin, wanted.name, wanted.rules, [after]);
    return outputsOf(wanted, password, admin);
  });
}

async function outputsOf(
  wanted: UserInputs,
  password: string,
  admin: RedisAdmin,
): Promise<Properties> {
  const found = await findUser(admin, wanted.name);
  return {
    ...wanted,
    passwordFingerprint: passwordFingerprint(password),
    rightsFingerprint: found?.rightsFingerprint,
  };
}

function passwordFile(folders: Folders, { zone, process }: RedisServer, user: string): string {
  return expandPlaceholders(
    redisPasswordFile(process, user),
    placeholdersOf(folders, zone, process),
  );
}

function userName(server: RedisServer, name: string): string {
  return `User '${name}' of ${redisName(server)}`;
}
