import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fillFolder } from './cache.ts';
import type { EngineStep, InstalledEngine, Progress } from './engine.ts';
import { byPip } from './python-package.ts';
import { run } from './run.ts';
import { engineVersions } from './versions.ts';

const { version, pythons } = engineVersions.schemathesis;

/** What asks the edge for whatever its own document allows, and for what it does not. */
export function fuzzerSteps(root: string, cache: string): readonly EngineStep[] {
  return [
    {
      title: 'Schemathesis',
      install: (progress) => installSchemathesis(root, cache, progress),
    },
  ];
}

/** Where the fuzzer's command is once it is installed. */
export function schemathesisCommand(cache: string): string {
  return path.join(cache, 'schemathesis', version, 'bin/schemathesis');
}

/**
 * Installs Schemathesis with everything it imports by the ordinary pip, each wheel held against its
 * checksum in tools/engines/schemathesis/requirements.txt. Some hold machine code for one version of
 * Python, so that there is a folder of them for each version that was found.
 *
 * @param root folder of the clone
 * @throws {CodedError} CLIENT_MISSING without pip, ENGINE_TOO_OLD with a Python that has no wheels there
 */
async function installSchemathesis(
  root: string,
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const python = await pythonVersion(progress);
  const folder = path.join(cache, 'schemathesis', version);
  await fillFolder(path.join(folder, `python${python}`), async (temporary) => {
    progress.report(`pip install schemathesis==${version}`);
    await byPip(`schemathesis ${version}`, () =>
      run({
        argv: [
          'python3',
          ...['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet'],
          ...['--root-user-action=ignore', '--no-deps', '--only-binary=:all:', '--require-hashes'],
          ...['--target', temporary],
          ...['--requirement', path.join(root, 'tools/engines/schemathesis/requirements.txt')],
        ],
        signal: progress.signal,
      }),
    );
    // Its commands name the Python of whoever installs, which others may not be able to run.
    rmSync(path.join(temporary, 'bin'), { recursive: true });
    chmodSync(temporary, 0o755);
  });
  // Once, as the rest: whoever uses a cache need not be allowed to write there.
  await fillFolder(path.dirname(schemathesisCommand(cache)), (temporary) => {
    const launcher = path.join(temporary, path.basename(schemathesisCommand(cache)));
    writeFileSync(launcher, LAUNCH_SCRIPT);
    chmodSync(launcher, 0o755);
    chmodSync(temporary, 0o755);
    return Promise.resolve();
  });
  return { name: 'schemathesis', version, folder, source: `PyPI, for Python ${python}` };
}

/** The version of the Python at hand, such as 3.11. */
async function pythonVersion(progress: Progress): Promise<string> {
  const found = await byPip(`schemathesis ${version}`, () =>
    run({
      argv: ['python3', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'],
      signal: progress.signal,
    }),
  );
  const python = found.trim();
  if (pythons.some((known) => known === python)) return python;
  throw new CodedError(
    'ENGINE_TOO_OLD',
    `Client 'python3': must be of ${pythons.join(', ')} to run the fuzzer schemathesis, got ${python}; put one of those first on the PATH, or add its wheels to tools/engines/schemathesis/requirements.txt.`,
  );
}

/** Runs the fuzzer for the Python at hand, and says so if it was installed for another. */
const LAUNCH_SCRIPT = `#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit 127
if [ ! -d "$home/python$python" ]; then
  echo "schemathesis is not installed for Python $python, only for $(cd "$home" && echo python*): npm test -- schemathesis installs it" >&2
  exit 127
fi
PYTHONPATH="$home/python$python" PYTHONDONTWRITEBYTECODE=1 exec python3 -s -m schemathesis.cli "$@"
`;
