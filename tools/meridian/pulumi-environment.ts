import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFileAtomic, ensureFolder } from '@meridian/provider-local/machine/atomic-file.ts';
import { foldersEnvironment, type Folders } from '@meridian/provider-local/folders.ts';
import { directLoopback } from '../bootstrap/environment.mjs';
import type { InstalledEngine } from '../engines/engine.ts';
import { localStack } from './places.ts';
import { shellQuoted } from './shell-quoted.ts';

/**
 * All that Pulumi gets of the caller's environment, and with it the program, its providers and what
 * their agents start: how a terminal looks, where programs and temporary files lie. Proxies, settings
 * of other Pulumis (`PULUMI_*`), of clients (`PG*`, `AWS_*`, `GRPC_*`) and of runtimes (`NODE_OPTIONS`,
 * `JAVA_TOOL_OPTIONS`) are meant for something else, and a locale changes what programs print.
 */
const INHERITED = [
  ...['PATH', 'TMPDIR', 'TERM', 'COLORTERM', 'COLUMNS', 'LINES', 'NO_COLOR'],
  'NODE_COMPILE_CACHE',
] as const;

/** The environment of every Pulumi that a command of ours starts, before what is said to it. */
export function childEnvironment(
  caller: Readonly<NodeJS.ProcessEnv> = process.env,
): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name) => {
    const value = caller[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    HOME: homedir(),
    // Pulumi, built without cgo, knows by this who takes a lock (os/user of Go).
    USER: userName(),
    LANG: 'C.UTF-8',
  };
}

/** The environment in which any Pulumi, ours or the user's own, works on the local stack. */
export function pulumiEnvironment(
  folders: Folders,
  caller: Readonly<NodeJS.ProcessEnv> = process.env,
): Readonly<Record<string, string>> {
  return {
    ...foldersEnvironment(folders),
    // Where a proxy is set (the user's own Pulumi), the SDK sends its calls of this machine through it.
    ...directLoopback(caller),
    MERIDIAN_LANGUAGE_HOST: path.join(
      folders.program,
      'tools/language-host/pulumi-language-nodejs',
    ),
    MERIDIAN_NODE: process.execPath,
    // What node-pg-migrate loads would keep compiled code in a folder that every user of /tmp shares.
    JITI_FS_CACHE: 'false',
    PULUMI_BACKEND_URL: pathToFileURL(path.join(folders.state, 'pulumi')).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(folders),
    PULUMI_HOME: path.join(folders.state, 'pulumi-home'),
    // Every flag of 3.250 is a variable as well; this one keeps the salt out of the clone.
    PULUMI_OPTION_CONFIG_FILE: configFile(folders),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // A container may run a user that /etc/passwd does not have.
    if (typeof error !== 'object' || error === null || !('code' in error)) throw error;
    return String(process.getuid?.());
  }
}

/** File of mode 600 with the passphrase of the stack's secrets. */
export function passphraseFile(folders: Folders): string {
  return path.join(folders.state, 'passphrase');
}

/** The stack's configuration with the salt that belongs to this user's passphrase. */
export function configFile(folders: Folders): string {
  return path.join(folders.state, 'config', `Pulumi.${localStack}.yaml`);
}

/** Folder with the `pulumi` command of the local stack; `meridian env` puts it on the PATH. */
export function commandFolder(folders: Folders): string {
  return path.join(folders.state, 'bin');
}

/**
 * Writes the `pulumi` that plain use of the local stack gets: the CLI with its language host and
 * Node.js on the PATH and, for root, as the account that owns the state.
 */
export async function writePulumiCommand(folders: Folders, pulumi: InstalledEngine): Promise<void> {
  const folder = commandFolder(folders);
  await ensureFolder(folder);
  const [uid, gid] = [String(process.getuid?.()), String(process.getgid?.())];
  const binaries = path.join(pulumi.folder, 'bin');
  const lines = [
    '#!/bin/sh',
    '# Written by meridian: plain Pulumi on the local stack.',
    `PATH=${shellQuoted(`${binaries}:${path.dirname(process.execPath)}`)}:$PATH; export PATH`,
    `set -- ${shellQuoted(path.join(binaries, 'pulumi'))} "$@"`,
    `if [ "$(id -u)" != ${uid} ]; then`,
    `  cd ${shellQuoted(folders.program)} || exit`,
    `  set -- setpriv --reuid=${uid} --regid=${gid} --clear-groups -- env HOME=${shellQuoted(homedir())} "$@"`,
    'fi',
    'exec "$@"',
    '',
  ];
  await writeFileAtomic(path.join(folder, 'pulumi'), lines.join('\n'), 0o755);
}
