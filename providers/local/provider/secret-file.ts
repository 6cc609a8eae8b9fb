import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Folders } from '../folders.ts';
import {
  ensureFolder,
  readIfThere,
  sweepTemporaries,
  writeFileAtomic,
} from '../machine/atomic-file.ts';
import { nameSchema } from '../process-spec.ts';
import { secretFilePath } from '../resources/secret-file.ts';
import type { Properties, ResourceHandler } from './resource-handler.ts';

const DEFAULT_GENERATION = 1;

/** Nobody guesses so many, so a fast hash of them may be known to anybody. */
const DEFAULT_BYTES = 32;

const inputs = z.strictObject({
  name: nameSchema,
  generation: z.int().min(1, 'must be 1 or more'),
  bytes: z.literal([16, 32], 'must be 16 or 32').optional(),
  state: z.literal('intact', 'is set by the provider'),
});
type SecretInputs = z.infer<typeof inputs>;
const state = z.looseObject({ name: z.string(), bytes: z.number().optional() });

/** Manages `SecretFile`. */
export const secretFileHandler: ResourceHandler<SecretInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: ['name', 'generation', 'bytes', 'state'],
  replacedBy: ['name', 'bytes'],
  defaults: () => ({ generation: DEFAULT_GENERATION }),
  async create(wanted, { folders }) {
    // One that is there is in use: a state that was lost does not take it away.
    return { id: wanted.name, outputs: await settle(wanted, folders) };
  },
  async read({ name, bytes }, known, { folders }) {
    const secrets = await readSecrets(fileOf(folders, name), bytes);
    if (secrets === undefined) return undefined;
    const [current] = secrets;
    const isIntact = current !== undefined && fingerprintOf(current) === known['fingerprint'];
    return { ...known, state: isIntact ? 'intact' : 'altered' };
  },
  async update(old, wanted, { folders }) {
    if ((old['generation'] ?? DEFAULT_GENERATION) === wanted.generation) {
      return settle(wanted, folders);
    }
    const [current] = (await readSecrets(fileOf(folders, wanted.name), wanted.bytes)) ?? [];
    return write(wanted, folders, [
      newSecret(wanted.bytes),
      ...(current === undefined ? [] : [current]),
    ]);
  },
  async delete({ name }, { folders }) {
    await rm(fileOf(folders, name), { force: true });
  },
};

/** Takes the secrets that there are, or makes one. */
async function settle(wanted: SecretInputs, folders: Folders): Promise<Properties> {
  const found = (await readSecrets(fileOf(folders, wanted.name), wanted.bytes)) ?? [];
  return write(wanted, folders, found.length === 0 ? [newSecret(wanted.bytes)] : found);
}

async function write(
  wanted: SecretInputs,
  folders: Folders,
  secrets: readonly string[],
): Promise<Properties> {
  const file = fileOf(folders, wanted.name);
  await ensureFolder(dirname(file));
  await sweepTemporaries(dirname(file));
  await writeFileAtomic(file, secrets.map((secret) => `${secret}\n`).join(''), 0o600);
  return { ...wanted, fingerprint: fingerprintOf(secrets[0] ?? '') };
}

/** The whole secrets in a file, none where it is torn; undefined when there is no file. */
async function readSecrets(
  file: string,
  bytes = DEFAULT_BYTES,
): Promise<readonly string[] | undefined> {
  const text = await readIfThere(file);
  const secret = new RegExp(`^[0-9a-f]{${2 * bytes}}$`);
  return text?.split('\n').filter((line) => secret.test(line));
}

function fileOf({ state: folder }: Folders, name: string): string {
  return secretFilePath(name).replace('${state}', folder);
}

function newSecret(bytes = DEFAULT_BYTES): string {
  return randomBytes(bytes).toString('hex');
}

function fingerprintOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
