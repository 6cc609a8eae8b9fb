import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { readIfThere, writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { livingAgents } from './living-agents.ts';
import { parseObject } from './pulumi-backend.ts';

/** The clone that the running program came from: the system account may run a copy of it. */
function thisClone(folders: Folders): string {
  return process.env['MERIDIAN_CLONE'] ?? folders.program;
}

/**
 * Claims the user's one local platform for this clone. A stopped platform may change hands, with
 * its data; a running one may not. Where the claim cannot be read, it is that of the program that runs,
 * and nobody's when nothing does.
 *
 * @throws {CodedError} PLATFORM_FOREIGN naming the clone that runs
 */
export async function claim(folders: Folders): Promise<void> {
  if (await isOurs(folders)) return;
  await writeFileAtomic(ownerFile(folders), JSON.stringify({ clone: thisClone(folders) }));
}

/**
 * Whether this clone has claimed the platform already.
 *
 * @throws {CodedError} PLATFORM_FOREIGN when another one has, and its platform runs
 */
export async function isOurs(folders: Folders): Promise<boolean> {
  const clone = thisClone(folders);
  const text = await readIfThere(ownerFile(folders));
  const written = text === undefined ? undefined : parseObject(text)?.['clone'];
  if (written === clone) return true;
  const agents = livingAgents(folders);
  const owner =
    typeof written === 'string'
      ? written
      : agents.map(({ program }) => program).find((program) => program !== folders.program);
  if (owner !== undefined && agents.length > 0) {
    throw new CodedError(
      'PLATFORM_FOREIGN',
      `Platform '${path.basename(folders.state)}': is running from ${owner}, and a user has one; run 'npm stop' first, there or, if that clone is gone, here (this clone is ${clone}).`,
    );
  }
  return false;
}

function ownerFile({ state }: Folders): string {
  return path.join(state, 'owner.json');
}
