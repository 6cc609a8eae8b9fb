import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { TestZone } from './testing/test-zone.ts';

jest.setTimeout(60_000);

/** Of each kind of setting that changes how some part of the platform talks, runs or prints. */
const FOREIGN = {
  https_proxy: 'http://127.0.0.1:9',
  no_proxy: '*',
  PGHOST: 'elsewhere',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PULUMI_CONFIG_PASSPHRASE: 'secret',
  AWS_PROFILE: 'production',
  KAFKA_OPTS: '-Xx',
  KAFKA_HEAP_OPTS: '-Xmx1m',
  JAVA_TOOL_OPTIONS: '-Xx',
  JDK_JAVA_OPTIONS: '-Xx',
  _JAVA_OPTIONS: '-Xx',
  NODE_ENV: 'production',
  NODE_OPTIONS: '--require /nowhere.cjs',
  NODE_EXTRA_CA_CERTS: '/nowhere.crt',
  SSL_CERT_FILE: '/nowhere.crt',
  GRPC_SSL_CIPHER_SUITES: 'none',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  REDISCLI_AUTH: 'secret',
  LC_ALL: 'tr_TR.UTF-8',
  TZ: 'Asia/Kathmandu',
  LD_PRELOAD: '/nowhere.so',
};

const namesOf = (pid: number | undefined): readonly string[] =>
  readFileSync(`/proc/${String(pid)}/environ`, 'utf8')
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(0, entry.indexOf('=')))
    .sort();

describe("what an agent and its processes get of the caller's environment", () => {
  let zone: TestZone;
  const before = { ...process.env };

  beforeAll(async () => {
    zone = await TestZone.create();
    Object.assign(process.env, FOREIGN, { NODE_COMPILE_CACHE: zone.root });
    await zone.start();
  });
  afterAll(async () => {
    for (const name of Object.keys(FOREIGN)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
    await zone.dispose();
  });

  test('is where programs lie and where their compiled form is kept, and nothing else', async () => {
    const { pid } = await zone.client.status();
    expect(namesOf(pid)).toEqual([
      'LANG',
      'MERIDIAN_CACHE',
      'MERIDIAN_DATA',
      'MERIDIAN_PROGRAM',
      'MERIDIAN_RUNTIME',
      'MERIDIAN_STATE',
      'NODE_COMPILE_CACHE',
      'PATH',
    ]);
    // JOURNAL and LABEL are of the spec; a shell sets PWD.
    const process = await zone.run(zone.spec('one'));
    expect(namesOf(process.pid).filter((name) => name !== 'PWD')).toEqual([
      'HOME',
      'JOURNAL',
      'LABEL',
      'LANG',
      'NODE_COMPILE_CACHE',
      'PATH',
    ]);
  });
});
