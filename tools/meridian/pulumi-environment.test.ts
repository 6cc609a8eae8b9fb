import { expect, test } from '@jest/globals';
import { homedir } from 'node:os';
import { childEnvironment } from './pulumi-environment.ts';

test('Pulumi and all that it starts get of the caller how a terminal looks and where things lie', () => {
  const caller = { PATH: '/bin', TERM: 'xterm', COLUMNS: '20', TMPDIR: '/tmp' };
  const foreign = {
    https_proxy: 'http://proxy',
    PULUMI_BACKEND_URL: 's3://state',
    PULUMI_DEBUG_PROVIDERS: 'x:1',
    PGSSLMODE: 'require',
    AWS_PROFILE: 'production',
    NODE_OPTIONS: '--inspect',
    NODE_ENV: 'production',
    GRPC_SSL_CIPHER_SUITES: 'none',
    OTEL_SERVICE_NAME: 'x',
    LC_ALL: 'tr_TR.UTF-8',
    LANG: 'tr_TR.UTF-8',
    TZ: 'Asia/Kathmandu',
  };
  expect(childEnvironment({ ...caller, ...foreign })).toEqual({
    ...caller,
    HOME: homedir(),
    USER: expect.stringMatching(/./),
    LANG: 'C.UTF-8',
  });
});
