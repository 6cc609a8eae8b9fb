import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ARCHIVE_PARAMETERS,
  ARCHIVE_VARIABLE,
  RESTORE_COMMAND,
} from '@meridian/components/postgres/postgres-archive.ts';
import { pgHbaConf, pgIdentConf } from '@meridian/components/postgres/postgres-configuration.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import type { ServerPlace } from './server-place.ts';

/** How far a server came. */
export interface Replayed {
  /** When the last transaction was committed that came back, as RFC 3339; null where the log had none after the copy. */
  readonly lastTransaction: string | null;
  /** The first file of the log that it wrote itself, on a timeline of its own. */
  readonly firstFile: string;
}

/** For a log of any length; the server tells by itself if it cannot go on. */
const PATIENCE_MS = 24 * 3_600_000;

const LAST_LINES = 12;

/**
 * Has a server of its own, which nobody but this process reaches, play the log into a copy of the data, and begin another
 * history there. Source: PostgreSQL 18, "Recovering Using a Continuous Archive Backup", and "Archive Recovery"
 *
 * @param to RFC 3339 @default up to the last transaction
 * @throws {CodedError} RESTORE_FAILED with the server's last lines
 */
export async function replayLog(
  place: ServerPlace,
  data: string,
  to: string | undefined,
): Promise<Replayed> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'meridian-restore-'));
  const ended = new AbortController();
  const lines: string[] = [];
  const child = spawn(
    path.join(place.folders.cache, 'postgres/current/bin/postgres'),
    ['-D', data, ...parametersOf(place, scratch, to).flatMap((one) => ['-c', one])],
    {
      env: { LC_ALL: 'C', [ARCHIVE_VARIABLE]: place.archive },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  child.stderr.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  const end = once(child, 'exit').finally(() => {
    ended.abort();
  });
  try {
    const { folders, server } = place;
    const { signal } = ended;
    const told = await withAdmin(
      { folders, server, patienceMs: PATIENCE_MS, signal },
      async (client) => {
        const { rows } = await client.query<{ at: Date | null; file: string }>(
          'SELECT pg_last_xact_replay_timestamp() AS at, pg_walfile_name(pg_current_wal_lsn()) AS file',
        );
        return rows[0];
      },
    );
    return { lastTransaction: told?.at?.toISOString() ?? null, firstFile: told?.file ?? '' };
  } catch (cause) {
    const said = lines.join('').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
    throw new CodedError(
      'RESTORE_FAILED',
      `PostgreSQL could not be restored, and nothing was changed; the server said:\n${said}`,
      { cause },
    );
  } finally {
    child.kill('SIGINT');
    await end;
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Parameters of that server: the copy has none of its own that matter. */
function parametersOf({ folders, server }: ServerPlace, scratch: string, to?: string) {
  const [hba, ident] = [path.join(scratch, 'pg_hba.conf'), path.join(scratch, 'pg_ident.conf')];
  writeFileSync(hba, pgHbaConf([]), { mode: 0o600 });
  writeFileSync(ident, pgIdentConf([]), { mode: 0o600 });
  const parameters: Readonly<Record<string, string>> = {
    hba_file: hba,
    ident_file: ident,
    listen_addresses: '',
    port: String(server.port),
    unix_socket_directories: folders.runtime,
    unix_socket_permissions: '0700',
    // Nobody asks before the end, and then as few as its own default allows may.
    hot_standby: 'off',
    log_destination: 'stderr',
    logging_collector: 'off',
    timezone: 'UTC',
    ...ARCHIVE_PARAMETERS,
    restore_command: RESTORE_COMMAND,
    recovery_target_action: 'promote',
    ...(to === undefined ? {} : { recovery_target_time: inWordsOfPostgres(to) }),
  };
  return Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
}

/** The server reads it before it knows any name of a zone, Z included. */
function inWordsOfPostgres(time: string): string {
  return time.replace('T', ' ').replace(/Z$/, '+00');
}
