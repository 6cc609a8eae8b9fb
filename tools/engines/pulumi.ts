import { chmodSync, cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fillFolder, isExecutable } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { removeGoFolder } from './go-program.ts';
import { goCommand } from './go-toolchain.ts';
import { run } from './run.ts';
import { atLeast } from './semantic-version.ts';
import { engineVersions } from './versions.ts';

const wanted = engineVersions.pulumi;

/**
 * Finds or installs the Pulumi CLI by the first of three routes that works: the one on the PATH,
 * the official distribution through the npm package `pulumi`, a build of the CLI's Go module.
 *
 * @param root folder of the program
 */
export async function installPulumi(
  root: string,
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const home = path.join(cache, 'pulumi');
  const folder = path.join(home, 'versions', wanted.version);
  const own = path.join(folder, 'bin/pulumi');
  if (!isExecutable(own)) {
    const onPath = await pulumiOnPath();
    if (onPath !== undefined) return onPath;
    if (!(await downloadOfficial(root, home, own, progress))) {
      await buildFromModule(root, cache, folder, progress);
    }
  }
  const official = !isExecutable(path.join(folder, 'built-from-module'));
  return {
    name: 'pulumi',
    version: wanted.version,
    folder,
    source: official ? 'npm package pulumi (official distribution)' : `Go module ${wanted.module}`,
  };
}

/** A Pulumi of the machine's fits when it is not older than ours and has a Node.js language host. */
async function pulumiOnPath(): Promise<InstalledEngine | undefined> {
  const file = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'pulumi'))
    // npm puts node_modules/.bin first: that is the package of the second route, not a binary.
    .find((candidate) => !candidate.includes('node_modules') && isExecutable(candidate));
  if (file === undefined) return undefined;
  const binary = realpathSync(file);
  if (!isExecutable(path.join(path.dirname(binary), 'pulumi-language-nodejs'))) return undefined;
  const version = (await run({ argv: [binary, 'version'] })).trim().replace(/^v/, '');
  if (!atLeast(version, wanted.version) || !version.startsWith('3.')) return undefined;
  return {
    name: 'pulumi',
    version,
    folder: path.dirname(path.dirname(binary)),
    source: "the machine's own",
  };
}

/** Lets the npm package fetch the official distribution; false where its host cannot be reached. */
async function downloadOfficial(
  root: string,
  home: string,
  binary: string,
  progress: Progress,
): Promise<boolean> {
  progress.report(`npm package pulumi: fetching the official distribution ${wanted.version}`);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  try {
    await run({
      argv: [process.execPath, path.join(root, 'node_modules/pulumi/run.js'), 'version'],
      environment: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: 'true' },
      signal: progress.signal,
    });
    return isExecutable(binary);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    // A half-fetched distribution must not be taken for a whole one.
    rmSync(path.dirname(path.dirname(binary)), { recursive: true, force: true });
    progress.report('the official distribution cannot be reached from here; building from source');
    return false;
  }
}

/**
 * Builds the CLI from its Go module. The two commands that the distribution has beside it are
 * wrappers: the language host is the program's own.
 */
async function buildFromModule(
  root: string,
  cache: string,
  folder: string,
  progress: Progress,
): Promise<void> {
  const go = await goCommand(cache, progress);
  const scratch = path.join(cache, 'build/pulumi');
  await fillFolder(folder, async (temporary) => {
    cpSync(path.join(root, 'tools/engines/pulumi'), path.join(scratch, 'source'), {
      recursive: true,
    });
    mkdirSync(path.join(temporary, 'bin'));
    await run({
      argv: [
        go,
        'build',
        '-trimpath',
        '-modcacherw',
        '-mod=mod',
        '-ldflags',
        `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${wanted.version}`,
        '-o',
        path.join(temporary, 'bin/pulumi'),
        `${wanted.module}/cmd/pulumi`,
      ],
      cwd: path.join(scratch, 'source'),
      environment: {
        CGO_ENABLED: '0',
        GOCACHE: path.join(scratch, 'gocache'),
        GOMODCACHE: path.join(scratch, 'modules'),
        GOFLAGS: '',
      },
      logFile: path.join(scratch, 'build.log'),
      signal: progress.signal,
      onLine: (line) => progress.report(`go build, about 6 minutes on two cores: ${line}`),
    });
    writeFileSync(
      path.join(temporary, 'bin/pulumi-language-nodejs'),
      '#!/bin/sh\nexec "${MERIDIAN_LANGUAGE_HOST:?./meridian env prints what to set}" "$@"\n',
      { mode: 0o755 },
    );
    writeFileSync(path.join(temporary, 'built-from-module'), '', { mode: 0o755 });
    chmodSync(temporary, 0o755);
  });
  await removeGoFolder(scratch);
}
