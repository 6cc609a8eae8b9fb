import path from 'node:path';
import { expect, test } from '@jest/globals';
import { availableSandbox } from './available-sandbox.ts';
import { SANDBOX_WAYS } from './sandboxed.ts';
import { sandboxedScript, WAYS } from './testing/sandboxed-script.ts';

test('here a sandbox can be made, the first way that works', () => {
  expect(availableSandbox()).toBe(SANDBOX_WAYS.find((way) => WAYS.includes(way)));
});

test('without the programs that make one there is none, and the message says what to install', () => {
  expect(() => availableSandbox({ PATH: '/nonexistent' })).toThrow(
    expect.objectContaining({
      code: 'SANDBOX_UNAVAILABLE',
      message: expect.stringMatching(
        /^Sandbox: must be made before the program of a change runs, got none \(bubblewrap: .*ENOENT; unshare: .*ENOENT\); allow it with 'sudo apt-get install bubblewrap util-linux'$/,
      ),
    }),
  );
});

test('where the kernel lets nobody make namespaces, the message names the setting', async () => {
  const program = path.resolve(import.meta.dirname, '../../..');
  // A sandbox is such a place.
  const { stdout, stderr } = await sandboxedScript(
    `
    import { availableSandbox } from '/program/tools/review/sandbox/available-sandbox.ts';
    try { availableSandbox(); } catch (error) { console.log(error.code, error.message); }`,
    'unshare',
    { mounts: [{ from: program, at: '/program' }] },
  );
  expect(stderr).not.toContain('Error');
  expect(stdout).toMatch(
    /^SANDBOX_UNAVAILABLE .*unshare: .*; allow it with 'sudo sysctl --write user\.max_user_namespaces=15000'$/m,
  );
});
