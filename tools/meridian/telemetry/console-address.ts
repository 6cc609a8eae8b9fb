import { TELEMETRY_ZONE } from '@meridian/components/observability/local-places.ts';
import { CONSOLE, CONSOLE_TOKEN } from '@meridian/components/observability/watch-programs.ts';
import { expandPlaceholders, placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { readIfThere } from '@meridian/provider-local/machine/atomic-file.ts';
import { secretFilePath } from '@meridian/provider-local/resources/secret-file.ts';
import type { KnownZone } from '../zones.ts';

/**
 * Where a person opens the console, or undefined where it does not run. It ends with the token, which a browser keeps to
 * itself behind the `#`: for a person's terminal, and for no log.
 */
export async function consoleAddress(
  folders: Folders,
  zones: readonly KnownZone[],
): Promise<string | undefined> {
  const status = zones.find(({ zone }) => zone === TELEMETRY_ZONE.name)?.status;
  const [listen] = status?.processes.find(({ name }) => name === CONSOLE)?.listens ?? [];
  if (listen === undefined) return undefined;
  const places = placeholdersOf(folders, TELEMETRY_ZONE.name, CONSOLE);
  const secret = await readIfThere(expandPlaceholders(secretFilePath(CONSOLE_TOKEN), places));
  const token = secret?.split('\n')[0];
  if (token === undefined || token === '') return undefined;
  return `http://${listen.address}:${listen.port}/#token=${token}`;
}
