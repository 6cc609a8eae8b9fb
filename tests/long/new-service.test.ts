import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MERCHANT_EMAIL, send, signIn } from '../end-to-end/merchant.ts';
import { expectSuccess, PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { copyProgram } from '../end-to-end/program-copy.ts';
import { readFileSync } from 'node:fs';

const MINUTES = 60_000;

/** Made by the command, started by the command, asked over the edge. */
describe('a new service on a running platform', () => {
  let folder: string;
  let program: string;
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'meridian-new-service-'));
    program = path.join(folder, 'program');
    copyProgram(program, 'clone');
    platform = await PlatformUnderTest.create();
  });
  afterAll(async () => {
    await platform.run(['destroy', '--yes'], {}, { program });
    await platform.dispose();
    rmSync(folder, { recursive: true, force: true });
  }, 3 * MINUTES);

  test(
    'compiles, answers over the edge, tells what happened, and its own tests pass',
    async () => {
      const made = ['new-service', 'notes', '--publishes', '--consumes', 'catalog'];
      expectSuccess(await platform.run(made, {}, { program }));
      const tested = spawnSync(
        process.execPath,
        ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', 'services/notes'],
        { cwd: program, encoding: 'utf8' },
      );
      expect([tested.status, tested.stderr]).toEqual([0, expect.stringMatching(/passed/)]);
      const types = spawnSync(process.execPath, ['node_modules/oxlint/bin/oxlint', '--silent'], {
        cwd: program,
        encoding: 'utf8',
      });
      expect([types.status, types.stdout]).toEqual([0, '']);

      expectSuccess(await platform.run(['up', ...platform.ports], {}, { program }));
      const nothing = await platform.get('/v1/notes/first');
      expect([nothing.status, nothing.headers['content-type']]).toEqual([
        404,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
      expectSuccess(await platform.run(['account', '--role', 'merchant'], {}, { program }));
      const password = readFileSync(path.join(platform.state, 'credentials/merchant'), 'utf8');
      const token = await signIn(platform, MERCHANT_EMAIL, password);
      const put = await send(platform, 'PUT', '/v1/notes/first', { text: 'hello' }, { token });
      expect([put.status, JSON.parse(put.body)]).toEqual([
        200,
        expect.objectContaining({ noteId: 'first', text: 'hello' }),
      ]);
      const read = await platform.get('/v1/notes/first');
      expect([read.status, JSON.parse(read.body)]).toEqual([200, JSON.parse(put.body)]);
      const anonymous = await send(platform, 'PUT', '/v1/notes/first', { text: 'mine' }, {});
      expect(anonymous.status).toBe(401);
      const told = await platform.run(['events', 'notes.events.v1', '--all'], {}, { program });
      expect(told.stdout).toMatch(/NoteChanged/);

      // What it has kept goes only with a word of its own.
      expectSuccess(await platform.run(['new-service', 'notes', '--remove'], {}, { program }));
      const changed = spawnSync('git', ['-c', 'safe.directory=*', 'status', '--porcelain'], {
        cwd: program,
        encoding: 'utf8',
      });
      expect([changed.status, changed.stdout]).toEqual([0, '']);
      const refused = await platform.run(['up'], {}, { program });
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringMatching(/pulumi state unprotect --all .*\[DATA_PROTECTED\]/s),
      ]);
      const letGo = `eval "$(./meridian env)" && pulumi state unprotect --all --yes --stack local`;
      const shell = spawnSync('sh', ['-c', letGo], {
        cwd: program,
        encoding: 'utf8',
        env: { ...process.env, HOME: platform.home, NODE_OPTIONS: '' },
      });
      expect([shell.status, shell.stderr]).toEqual([0, expect.any(String)]);
      expectSuccess(await platform.run(['up'], {}, { program }));
      expect((await platform.get('/v1/notes/first')).status).toBe(404);
      expect((await platform.get('/v1/products')).status).toBe(200);
    },
    12 * MINUTES,
  );
});
