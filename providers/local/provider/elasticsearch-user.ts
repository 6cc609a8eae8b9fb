import { z } from 'zod';
import { hashPassword, isHashOf } from '../elasticsearch/password-hash.ts';
import { findHash, setHash } from '../elasticsearch/users-file.ts';
import { expandPlaceholders, placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import {
  newPassword,
  passwordFingerprint,
  readPassword,
  removePassword,
  writePassword,
} from '../machine/passwords.ts';
import { nameSchema } from '../process-spec.ts';
import {
  elasticsearchPasswordFile,
  elasticsearchUsersFile,
} from '../resources/elasticsearch-node.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

const DEFAULT_GENERATION = 1;

const nodeSchema = z.strictObject({ zone: z.string().min(1), process: z.string().min(1) });
const inputs = z.strictObject({
  node: nodeSchema,
  name: nameSchema,
  generation: z.int().min(1, 'must be 1 or more'),
  state: z.literal('intact', 'is set by the provider'),
});
type UserInputs = z.infer<typeof inputs>;
const state = z.looseObject({ node: nodeSchema, name: z.string() });
type User = Pick<UserInputs, 'node' | 'name'>;

/** Manages `ElasticsearchUser`: two files, which a node reads when it starts and when they change. */
export const elasticsearchUserHandler: ResourceHandler<UserInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: ['node', 'name', 'generation', 'state'],
  replacedBy: ['node', 'name'],
  deleteBeforeReplace: true,
  defaults: () => ({ generation: DEFAULT_GENERATION }),
  async create(wanted, context) {
    const kept = await readPassword(filesOf(wanted, context.folders).password);
    const outputs = await settle(wanted, context, kept ?? newPassword());
    return { id: `${wanted.node.process}/user/${wanted.name}`, outputs };
  },
  async read(user, known, { folders }) {
    const { password: file, users } = filesOf(user, folders);
    const password = await readPassword(file);
    const hash = await findHash(users, user.name);
    if (password === undefined && hash === undefined) return undefined;
    const isIntact =
      password !== undefined &&
      hash !== undefined &&
      isHashOf(hash, password) &&
      known['passwordFingerprint'] === passwordFingerprint(password);
    return { ...known, state: isIntact ? 'intact' : 'altered' };
  },
  async update(old, wanted, context) {
    const isSame = (old['generation'] ?? DEFAULT_GENERATION) === wanted.generation;
    const kept = await readPassword(filesOf(wanted, context.folders).password);
    return settle(wanted, context, (isSame ? kept : undefined) ?? newPassword());
  },
  async delete(user, { folders }) {
    const { password, users } = filesOf(user, folders);
    await setHash(users, user.name);
    await removePassword(password);
  },
};

/**
 * The file for clients comes first: one that was refused with the old password reads the new one, which
 * the node takes a moment later.
 */
async function settle(
  wanted: UserInputs,
  { folders }: Context,
  password: string,
): Promise<Properties> {
  const { password: file, users } = filesOf(wanted, folders);
  if ((await readPassword(file)) !== password) await writePassword(file, password);
  const hash = await findHash(users, wanted.name);
  if (hash === undefined || !isHashOf(hash, password)) {
    await setHash(users, wanted.name, hashPassword(password));
  }
  return { ...wanted, passwordFingerprint: passwordFingerprint(password) };
}

function filesOf(
  { node: { zone, process }, name }: User,
  folders: Folders,
): Readonly<Record<'password' | 'users', string>> {
  const placeholders = placeholdersOf(folders, zone, process);
  return {
    password: expandPlaceholders(elasticsearchPasswordFile(process, name), placeholders),
    users: expandPlaceholders(elasticsearchUsersFile(process), placeholders),
  };
}
