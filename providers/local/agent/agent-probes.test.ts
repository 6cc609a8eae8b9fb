import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../testing/free-port.ts';
import { ADDRESS, TestZone, until } from './testing/test-zone.ts';

/** Answers its own user, over mutual TLS, with the status that a file holds. */
const SERVER = `
  const { readFileSync } = require('node:fs');
  const file = (name) => readFileSync('tls/' + name);
  require('node:https').createServer(
    { cert: file('tls.crt'), key: file('tls.key'), ca: file('ca.crt'), requestCert: true },
    (request, response) => {
      const isKnown = request.headers.authorization === 'Basic ' + btoa('probe:open sesame');
      const { CN } = request.socket.getPeerCertificate().subject;
      response.writeHead(isKnown && CN === 'web' ? Number(readFileSync('status', 'utf8')) : 401).end();
    },
  ).listen(Number(process.argv[1]), '${ADDRESS}');`;

let zone: TestZone;

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create();
  await zone.start();
  await zone.authorize();
  mkdirSync(zone.self('web'), { recursive: true });
});

afterAll(() => zone.dispose());

const isReady = async () => (await zone.status('web')).state === 'ready';
const answerWith = (status: number) => writeFileSync(zone.self('web', 'status'), String(status));

test('a probe over TLS comes with the certificate of its process and the password of its user', async () => {
  const port = await freePort(ADDRESS);
  const password = join(zone.folders.state, 'password');
  const identity = { uris: [], dnsNames: [], addresses: [ADDRESS] };
  const spec = zone.spec('web', {
    command: ['${node}', '-e', SERVER, String(port)],
    identities: [
      { ...identity, folder: 'tls', commonName: 'web', usages: ['server', 'client'] },
      { ...identity, folder: 'other', commonName: 'other', usages: ['client'] },
    ],
    listens: [{ name: 'https', address: ADDRESS, port }],
    readiness: {
      kind: 'https',
      url: `https://${ADDRESS}:${port}/health`,
      identity: 'tls',
      user: { name: 'probe', passwordFile: '${state}/password' },
      timeoutSeconds: 20,
    },
  });
  answerWith(503);
  writeFileSync(password, 'open sesame\n');
  await zone.client.putProcess(spec);
  await until('it runs', async () => (await zone.status('web')).pid !== undefined);
  await expect(zone.client.waitUntilReady('web', 1500)).rejects.toMatchObject({
    code: 'PROCESS_NOT_READY',
  });
  answerWith(200);
  await until('it is ready', isReady);
  rmSync(password);
  await until('it has no password', async () => !(await isReady()));
  writeFileSync(password, 'open sesame\n');
  await until('it is ready', isReady);
  const readiness = { ...spec.readiness, identity: 'other' } as typeof spec.readiness;
  await zone.client.putProcess({ ...spec, readiness });
  await until('it comes as another', async () => !(await isReady()));
});

test('a probe over TLS names an identity of its process', async () => {
  const readiness = {
    kind: 'https',
    url: `https://${ADDRESS}:20009/`,
    identity: 'absent',
    user: { name: 'probe', passwordFile: '${state}/password' },
    timeoutSeconds: 1,
  } as const;
  await expect(zone.client.putProcess(zone.spec('bare', { readiness }))).rejects.toMatchObject({
    code: 'SPEC_INVALID',
    message: expect.stringContaining('readiness.identity: must be the folder of an identity'),
  });
});
