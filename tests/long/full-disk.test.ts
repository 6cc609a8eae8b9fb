import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { processesOf } from '../end-to-end/leftovers.ts';
import { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';

const minutes = 60_000;

/** Too little for Pulumi's state, for PostgreSQL's cluster, and for Kafka's first segments. */
const TOO_SMALL = ['3m', '25m', '45m', '65m'];

/** A user's own mounts, in which the user is root for mount(8) alone. Sources: unshare(1), user_namespaces(7). */
const MOUNTS = ['unshare', '--map-root-user', '--mount'];
const ids = [
  `--map-user=${String(process.getuid?.())}`,
  `--map-group=${String(process.getgid?.())}`,
];
const AGAIN_ITSELF = ['unshare', '--user', ...ids];

const lacking = canMount()
  ? undefined
  : 'a user of this machine may not make mounts of its own (unshare, tmpfs)';
const onSmallDisk = lacking === undefined ? describe : describe.skip;

onSmallDisk(`a disk that is full${lacking === undefined ? '' : `: ${lacking}`}`, () => {
  let platform: PlatformUnderTest;
  let parts: readonly string[];

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
    mkdirSync(path.join(platform.home, 'disk'));
    // The mount is gone with the last process that sees it, so that one shell runs every command.
    const script = [
      'node=$1 program=$2 HOME="$HOME/disk"; shift 2',
      'mount -t tmpfs -o size=1m,mode=700 none "$HOME" || exit',
      'resize() { mount -t tmpfs -o remount,size=$1 none "$HOME" || exit; }',
      // Every command is in one name space: agents of another one would be somebody else's.
      `${AGAIN_ITSELF.join(' ')} sleep infinity & keeper=$!`,
      'itself() { nsenter --user --target $keeper --preserve-credentials -- "$@"; }',
      `meridian() { printf '\\n::%s\\n' "$1"; itself "$node" "$program" "$@" 2>&1; echo "::$?"; }`,
      ...TOO_SMALL.flatMap((size) => [`resize ${size}`, 'meridian up "$@"']),
      'resize 2g',
      'meridian up "$@"',
      'meridian destroy --yes',
      'kill $keeper',
    ].join('\n');
    const outcome = await platform.run(
      platform.ports,
      { SCRIPT: script },
      { shell: `set -- ${MOUNTS.join(' ')} sh -c "$SCRIPT" sh "$@"` },
    );
    parts = outcome.stdout.split(/\n(?=::[a-z]+\n)/).slice(1);
  }, 20 * minutes);
  afterAll(async () => {
    // What a failed run has left on the disk keeps the mount, and is not in the state that is looked at.
    for (const { pid } of processesOf(platform).filter(({ ours }) => ours)) {
      process.kill(pid, 'SIGKILL');
    }
    await platform.dispose();
  }, 2 * minutes);

  test.each(TOO_SMALL.map((size, index) => [size, index] as const))(
    'a start on %s ends with a code and says that the disk is full',
    (_size, index) => {
      const part = parts[index] ?? '';
      expect(part).toMatch(/\n::1\n?$/);
      expect(part).not.toMatch(/defect of Meridian|which is a bug|\n {4}at /);
      expect(part).toMatch(/\[[A-Z]+(?:_[A-Z]+)+\]/);
      expect(part).toMatch(/no space|disk|full/i);
    },
  );

  test('the next start goes on once there is room, and all of it is destroyed again', () => {
    expect(parts[TOO_SMALL.length]).toMatch(/^::up\n[\s\S]*\n::0\n?$/);
    expect(parts[TOO_SMALL.length + 1]).toMatch(/^::destroy\n[\s\S]*\n::0\s*$/);
  });
});

function canMount(): boolean {
  const [file = '', ...args] = [
    ...MOUNTS,
    ...['sh', '-c', `mount -t tmpfs none /mnt && exec ${AGAIN_ITSELF.join(' ')} nsenter --version`],
  ];
  return spawnSync(file, args).status === 0;
}
