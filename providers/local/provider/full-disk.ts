import { placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fullDiskBehind } from '../machine/system-trouble.ts';

/** How an engine fails that has lost its disk, as far as the provider can see. */
const SYMPTOMS: ReadonlySet<string> = new Set([
  'KAFKA_REFUSED',
  'KAFKA_UNREACHABLE',
  'POSTGRES_UNREACHABLE',
  'REDIS_REFUSED',
  'REDIS_UNREACHABLE',
]);

/**
 * Changes something in an engine; one that fails because its disk is full says so by its silence only,
 * so its data folders are looked at then. @throws {CodedError} DISK_FULL
 */
export async function withDiskInMind<T>(
  folders: Folders,
  servers: readonly { readonly zone: string; readonly process: string }[],
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } catch (thrown) {
    if (!(thrown instanceof CodedError && SYMPTOMS.has(thrown.code))) {
      throw thrown;
    }
    const data = servers.map(({ zone, process }) => placeholdersOf(folders, zone, process).data);
    throw fullDiskBehind(data, [thrown.message], thrown) ?? thrown;
  }
}
