import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fillFolder, isExecutable, replaceLink } from './cache.ts';
import { unpackDebianPackages } from './debian-packages.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { run } from './run.ts';
import { atLeast } from './semantic-version.ts';
import { engineVersions } from './versions.ts';

const wanted = engineVersions.redis;
const programs = ['redis-server', 'redis-cli'];

/** The folder that holds Debian's Redis, in the cache's `redis`. */
const unpacked = 'debian';

/**
 * The machine's own Redis where it is new enough and speaks TLS, else Debian's, unpacked into the
 * cache. Debian publishes fixes under new versions and takes the old ones away, so what is pinned is
 * the least version; a file of the version that was tried is held against its checksum as well.
 */
export async function installRedis(cache: string, progress: Progress): Promise<InstalledEngine> {
  const current = path.join(cache, 'redis/current');
  if (existsSync(path.join(current, 'bin/redis-server'))) {
    return describe(path.resolve(path.dirname(current), readlinkSync(current)));
  }
  const folder = (await machineRedis()) ?? (await unpackRedis(cache, progress));
  mkdirSync(path.dirname(current), { recursive: true, mode: 0o755 });
  replaceLink(current, path.basename(folder) === unpacked ? unpacked : folder);
  return describe(folder);
}

/** The first Redis on the PATH, if it will do. */
async function machineRedis(): Promise<string | undefined> {
  const bin = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .find((folder) => programs.every((program) => isExecutable(path.join(folder, program))));
  if (bin === undefined || path.basename(bin) !== 'bin') return undefined;
  const folder = path.dirname(realpathSync(bin));
  return atLeast(await versionOf(folder), wanted.minimum) && (await speaksTls(folder))
    ? folder
    : undefined;
}

/**
 * Whether a server was built with TLS: one that was refuses to start because it shall listen
 * nowhere, one that was not because it knows no `tls-port`.
 */
async function speaksTls(folder: string): Promise<boolean> {
  const child = spawn(
    path.join(folder, 'bin/redis-server'),
    ['--port', '0', '--tls-port', '0', '--daemonize', 'no'],
    { stdio: ['ignore', 'pipe', 'pipe'], timeout: 10_000 },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(output.includes('not listen anywhere')));
  });
}

async function unpackRedis(cache: string, progress: Progress): Promise<string> {
  const folder = path.join(cache, 'redis', unpacked);
  await fillFolder(folder, async (temporary) => {
    const root = path.join(temporary, 'root');
    mkdirSync(root);
    await unpackDebianPackages(wanted.debian, root, progress);
    const triplet = readdirSync(path.join(root, 'usr/lib')).find((name) =>
      name.includes('-linux-'),
    );
    if (triplet === undefined) throw new Error('the Debian packages hold no libraries');
    renameSync(path.join(root, 'usr/lib', triplet), path.join(temporary, 'lib'));
    renameSync(path.join(root, 'usr/bin'), path.join(temporary, 'libexec'));
    rmSync(root, { recursive: true });
    mkdirSync(path.join(temporary, 'bin'));
    for (const program of programs) {
      const launcher = path.join(temporary, 'bin', program);
      writeFileSync(launcher, launchScript(program));
      chmodSync(launcher, 0o755);
    }
    for (const name of ['', 'bin', 'lib', 'libexec']) chmodSync(path.join(temporary, name), 0o755);
    const version = await versionOf(temporary);
    if (!atLeast(version, wanted.minimum)) {
      throw new CodedError(
        'ENGINE_TOO_OLD',
        `Engine 'redis': must be ${wanted.minimum} or newer, got ${version} from this machine's Debian release; put a newer redis-server with TLS on the PATH.`,
      );
    }
  });
  return folder;
}

/** Runs a program with the libraries that came with it; it becomes the program, keeping its pid. */
function launchScript(program: string): string {
  return [
    '#!/bin/sh',
    'home=$(dirname "$(dirname "$(readlink -f "$0")")")',
    'LD_LIBRARY_PATH="$home/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" \\',
    `  exec "$home/libexec/${program}" "$@"`,
    '',
  ].join('\n');
}

async function versionOf(folder: string): Promise<string> {
  const text = await run({ argv: [path.join(folder, 'bin/redis-server'), '--version'] });
  return /v=(\d+(\.\d+)*)/.exec(text)?.[1] ?? text.trim();
}

async function describe(folder: string): Promise<InstalledEngine> {
  return {
    name: 'redis',
    version: await versionOf(folder),
    folder,
    source:
      path.basename(folder) === unpacked
        ? `Debian ${wanted.debian.packages[0]}`
        : "the machine's own",
  };
}
