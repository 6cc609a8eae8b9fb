import type { ExportedResource } from './exported-resource.ts';
import { programFolder } from '../places.ts';
import { Rehearsal } from './rehearsal.ts';
import { rehearsalPrograms } from './rehearsal-programs.ts';

/**
 * Every resource that a stack would have, as Pulumi keeps it: a rehearsal deploys the program from nothing. What is secret is
 * encrypted by a key that is thrown away.
 *
 * @throws {CodedError} REHEARSAL_REFUSED
 */
export async function exportedResources(stack: string): Promise<readonly ExportedResource[]> {
  const rehearsal = await Rehearsal.create(stack, await rehearsalPrograms());
  try {
    await rehearsal.run('up', { folder: programFolder });
    return await rehearsal.resources({ folder: programFolder });
  } finally {
    rehearsal.remove();
  }
}
