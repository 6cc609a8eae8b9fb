import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { engineVersions } from '../../tools/engines/versions.ts';
import {
  TEST_LOGIN,
  testRegistryContract,
} from '../../tools/registry/testing/registry-contract.ts';
import type { TestRegistry } from '../../tools/registry/testing/keeping-registry.ts';

/** TEST_LOGIN as htpasswd has it: the registry takes bcrypt alone. */
const HTPASSWD = `${TEST_LOGIN.user}:$2a$04$Puld4XxBFNbEwPQBuPIHRu./XjTJhgtMB6HJeDvaXyQ9PicsFdyE2\n`;

/** The registry of the Distribution project, which the protocol is of. */
async function distribution(): Promise<TestRegistry> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-registry-'));
  const host = `127.0.0.1:${await freePort('127.0.0.1')}`;
  const passwords = path.join(folder, 'htpasswd');
  writeFileSync(passwords, HTPASSWD);
  const configuration = path.join(folder, 'configuration.yml');
  writeFileSync(
    configuration,
    JSON.stringify({
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: path.join(folder, 'kept') } },
      http: { addr: host },
      auth: { htpasswd: { realm: 'test', path: passwords } },
    }),
  );
  const { version } = engineVersions.registry;
  const file = path.join(cacheFolder(), 'registry', version, 'bin/registry');
  const server = spawn(file, [configuration], {
    stdio: 'ignore',
    env: { OTEL_TRACES_EXPORTER: 'none' },
  });
  const ended = once(server, 'exit');
  await eventually(async () => (await fetch(`http://${host}/v2/`)).status === 401);
  return {
    host,
    [Symbol.asyncDispose]: async () => {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

describe('the registry of the Distribution project', () => {
  testRegistryContract(distribution);
});
