import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commandEnvironment, directLoopback } from './environment.mjs';

const quiet = (): void => undefined;

describe('loopback past every proxy', () => {
  test('is added to what the caller says, in every form that a client may look for', () => {
    const direct = directLoopback({
      no_proxy: 'intranet, *.example.com',
      no_grpc_proxy: 'rpc.intranet',
    });
    expect(direct.no_proxy).toMatch(
      /^intranet,\*\.example\.com,localhost,127\.0\.0\.1,127\.0\.0\.0\/8,/,
    );
    expect(direct.NO_PROXY).toBe(direct.no_proxy);
    expect(direct.no_grpc_proxy).toMatch(/^rpc\.intranet,localhost,.*127\.0\.0\.0\/8/);
  });

  test('is said for gRPC beside what is said for all, and only once', () => {
    const once = directLoopback({ NO_PROXY: '*' });
    expect(once.no_grpc_proxy).toMatch(/^\*,localhost,/);
    expect(directLoopback({ ...once })).toEqual(once);
  });
});

describe("the command's environment", () => {
  test('keeps what installs, and nothing that steers a client of the platform', () => {
    const given = {
      HOME: '/home/somebody',
      https_proxy: 'http://proxy:3128',
      npm_config_registry: 'https://npm.example.com',
      GOPROXY: 'https://go.example.com',
      MAVEN_OPTS: '-Xmx1g',
      JAVA_TOOL_OPTIONS: '-Dx=y',
      PGOPTIONS: '-c statement_timeout=1',
      PGSSLMODE: 'require',
      TAR_OPTIONS: '--exclude=*.ts',
      GRPC_SSL_CIPHER_SUITES: 'none',
      grpc_proxy: 'http://proxy:3128',
    };
    const { PGOPTIONS, PGSSLMODE, GRPC_SSL_CIPHER_SUITES, grpc_proxy, TAR_OPTIONS, ...installs } =
      given;
    const foreign = [PGOPTIONS, PGSSLMODE, GRPC_SSL_CIPHER_SUITES, grpc_proxy, TAR_OPTIONS];
    expect(foreign).not.toContain(undefined);
    expect(commandEnvironment(given, quiet)).toEqual({ ...installs, ...directLoopback({}) });
  });

  test('goes on without a folder for temporary files that cannot be used, and says so', () => {
    const said: string[] = [];
    const folder = mkdtempSync(path.join(tmpdir(), 'meridian-environment-'));
    const used = commandEnvironment({ TMPDIR: folder }, (line) => said.push(line));
    expect(used['TMPDIR']).toBe(process.getuid?.() === 0 ? undefined : folder);
    rmSync(folder, { recursive: true });
    said.length = 0;
    expect(
      commandEnvironment({ TMPDIR: folder }, (line) => said.push(line))['TMPDIR'],
    ).toBeUndefined();
    expect(said).toEqual([expect.stringContaining(`TMPDIR '${folder}' is not a folder`)]);
  });

  test.each([{}, { HOME: '' }, { HOME: 'here' }])('finds the home of the user for %j', (given) => {
    expect(commandEnvironment(given, quiet)['HOME']).toBe(userInfo().homedir);
  });

  test('ignores a relative XDG folder, as the specification has it', () => {
    const environment = commandEnvironment({ XDG_STATE_HOME: 'state', XDG_DATA_HOME: '/d' }, quiet);
    expect(environment['XDG_STATE_HOME']).toBeUndefined();
    expect(environment['XDG_DATA_HOME']).toBe('/d');
  });
});
