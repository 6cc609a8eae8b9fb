import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { expandPlaceholders, placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { NAME_PATTERN } from '../process-spec.ts';
import type { CodedError } from '@meridian/language/coded-error.ts';
import {
  isRedisUnreachable,
  redisName,
  redisServerSchema,
  withRedisAdmin,
} from '../redis/admin-connection.ts';
import type { RedisAdmin, RedisServer } from '../redis/admin-connection.ts';
import {
  newPassword,
  passwordFingerprint,
  readPassword,
  removePassword,
  writePassword,
} from '../redis/passwords.ts';
import { areUsersKept } from '../redis/kept-users.ts';
import { dropUser, ensureUser, findUser } from '../redis/users.ts';
import { REDIS_ADMIN_USER, redisPasswordFile } from '../resources/redis-server.ts';
import { withDiskInMind } from './full-disk.ts';
import { isKnownDown } from './known-down.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

/** A server that was just started answers its port a moment before it takes sessions. */
const PATIENCE_MS = 15_000;
const DELETE_PATIENCE_MS = 2000;
const DEFAULT_GENERATION = 1;

/** How long an old password is still taken: a client that has just read it is still connecting. */
const OVERLAP_MS = 3000;

const inputs = z.strictObject({
  server: redisServerSchema,
  name: z
    .string()
    .regex(
      NAME_PATTERN,
      'must be 1 to 40 lower-case letters, digits or hyphens, beginning with a letter',
    )
    .refine(
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
  async read({ server, name }, known, { folders, signal, warn }) {
    const password = await readPassword(passwordFile(folders, server, name));
    const altered = { ...known, state: 'altered' };
    const isLost = async (): Promise<boolean> =>
      password === undefined || !(await areUsersKept(folders, server));
    if (await isKnownDown(folders, server)) return (await isLost()) ? altered : known;
    try {
      return await withRedisAdmin({ folders, server, signal }, async (admin) => {
        const found = await findUser(admin, name);
        if (found === undefined) return undefined;
        const isIntact =
          password !== undefined &&
          found.passwordFingerprints.join() === passwordFingerprint(password) &&
          found.rightsFingerprint === known['rightsFingerprint'];
        return isIntact ? { ...known, state: 'intact' } : altered;
      });
    } catch (thrown) {
      if (!isRedisUnreachable(thrown)) throw thrown;
      if (await isLost()) return altered;
      warn(`${userName(server, name)} is taken as last known: ${(thrown as CodedError).message}`);
      return known;
    }
  },
  async update(old, wanted, context) {
    return (old['generation'] ?? DEFAULT_GENERATION) === wanted.generation
      ? settle(wanted, context)
      : rotate(wanted, context);
  },
  async delete({ server, name }, { folders, signal, warn }) {
    const options = { folders, server, signal, patienceMs: DELETE_PATIENCE_MS };
    try {
      await withRedisAdmin(options, (admin) => dropUser(admin, name));
    } catch (thrown) {
      // What stays goes with the server's data folder.
      if (!isRedisUnreachable(thrown)) throw thrown;
      warn(`${userName(server, name)} is left there: ${(thrown as CodedError).message}`);
    }
    await removePassword(passwordFile(folders, server, name));
  },
};

/** Makes the user with the password that there is, or with a new one. */
async function settle(wanted: UserInputs, context: Context): Promise<Properties> {
  const file = passwordFile(context.folders, wanted.server, wanted.name);
  const kept = await readPassword(file);
  const password = kept ?? newPassword();
  if (kept === undefined) await writePassword(file, password);
  return asAdmin(wanted, context, async (admin) => {
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
  return asAdmin(wanted, context, async (admin) => {
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

function asAdmin<T>(
  { server }: UserInputs,
  { folders, signal }: Context,
  work: (admin: RedisAdmin) => Promise<T>,
): Promise<T> {
  const options = { folders, server, signal, patienceMs: PATIENCE_MS };
  return withDiskInMind(folders, [server], () => withRedisAdmin(options, work));
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
