import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { foldersEnvironment, type Folders } from '@meridian/provider-local/folders.ts';
import type { InstalledEngine } from '../engines/engine.ts';
import { localStack } from './places.ts';
import { shellQuoted } from './shell-quoted.ts';

/** The environment in which any Pulumi, ours or the user's own, works on the local stack. */
export function pulumiEnvironment(folders: Folders): Readonly<Record<string, string>> {
  return {
    ...foldersEnvironment(folders),
    MERIDIAN_LANGUAGE_HOST: path.join(
      folders.program,
      'tools/language-host/pulumi-language-nodejs',
    ),
    MERIDIAN_NODE: process.execPath,
    PULUMI_BACKEND_URL: pathToFileURL(path.join(folders.state, 'pulumi')).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(folders),
    PULUMI_HOME: path.join(folders.state, 'pulumi-home'),
    // Every flag of 3.250 is a variable as well; this one keeps the salt out of the clone.
    PULUMI_OPTION_CONFIG_FILE: configFile(folders),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
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
export function writePulumiCommand(folders: Folders, pulumi: InstalledEngine): void {
  const folder = commandFolder(folders);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
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
  writeFileSync(path.join(folder, 'pulumi'), lines.join('\n'), { mode: 0o755 });
}
