import { request } from 'node:https';
import type { RequestOptions } from 'node:https';
import { join } from 'node:path';
import { checkServerIdentity } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestAuthority, writeIdentity } from '../testing/authority.ts';
import type { Issued } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import { TestWorld, spiffe } from '../testing/world.ts';
import type { TestServer } from '../testing/world.ts';

const NAME = 'echo.telemetry.meridian.internal';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly serial: string;
}

describe('metrics over mutual TLS', () => {
  let world: TestWorld;
  let telemetry: TestAuthority;
  let server: TestServer;

  beforeAll(async () => {
    world = await TestWorld.create();
    telemetry = await TestAuthority.create();
    const settings = {
      ...{ address: '127.0.0.1', port: 0, identityFolder: 'metrics-tls' },
      scraper: spiffe('collector'),
    };
    server = await world.serve({}, { metrics: settings }, undefined, {}, (folder) => shows(folder));
  });
  afterAll(() => world.close());

  /** Gives a process the certificate that it shows to the collector, of an authority for telemetry alone. */
  async function shows(folder: string): Promise<void> {
    writeIdentity(join(folder, 'metrics-tls'), await telemetry.issue({ dnsNames: [NAME] }));
  }

  const collector = (): Promise<Issued> => world.authority.issue({ uris: [spiffe('collector')] });

  /** Asks as a program in Go does, which checks the server's name. */
  async function ask(client: Issued | undefined, options: RequestOptions = {}): Promise<Answer> {
    const { ca } = await telemetry.issue({ dnsNames: [NAME] });
    let serial = '';
    return await new Promise((resolve, reject) => {
      request({
        ...{ host: '127.0.0.1', port: server.runtime.metricsServer?.port, path: '/metrics' },
        ...{ servername: NAME, ca, agent: false },
        ...(client === undefined ? {} : { cert: client.cert, key: client.key }),
        checkServerIdentity: (host, certificate) => {
          serial = certificate.serialNumber;
          return checkServerIdentity(host, certificate);
        },
        ...options,
      })
        .once('error', reject)
        .once('response', (response) => {
          response.setEncoding('utf8');
          let body = '';
          response.on('data', (text: string) => (body += text));
          response.once('end', () => resolve({ status: response.statusCode ?? 0, body, serial }));
        })
        .end();
    });
  }

  test('are for the collector, by a name that programs in Go check', async () => {
    const { status, body } = await ask(await collector());
    expect(status).toBe(200);
    expect(body).toContain('\nrequests_shed_total 0\n');
    expect(body).toContain('tls_certificate_not_after_seconds{folder="metrics-tls"}');
    await expect(
      ask(await collector(), { servername: 'catalog.telemetry.meridian.internal' }),
    ).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('are refused by 403 to every other service, and for every other path by 404', async () => {
    const { status, body } = await ask(await world.authority.issue({ uris: [spiffe('caller')] }));
    expect(status).toBe(403);
    expect(body).not.toContain('requests_shed_total');
    expect((await ask(await collector(), { path: '/healthz' })).status).toBe(404);
    expect((await ask(await collector(), { method: 'POST' })).status).toBe(404);
  });

  test('are refused in the handshake to who has no certificate, an expired one or one of another root', async () => {
    const stranger = await telemetry.issue({ uris: [spiffe('collector')] });
    const expired = await world.authority.issue({ uris: [spiffe('collector')], lifetimeMs: -1 });
    for (const client of [undefined, stranger, expired]) {
      await expect(ask(client)).rejects.toMatchObject({
        code: expect.stringMatching(/^(ERR_SSL_|ECONNRESET)/),
      });
    }
  });

  test('are not at the port for health', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.runtime.ops?.port ?? 0}/metrics`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('there is /healthz, /readyz\n');
  });

  test('go on when both certificates and the trust root are renewed', async () => {
    const before = await ask(await collector());
    await shows(server.folder);
    await eventually(async () => {
      expect((await ask(await collector())).serial).not.toBe(before.serial);
    });
    const next = await TestAuthority.create();
    const scraper = await next.issue({ uris: [spiffe('collector')] });
    await expect(ask(scraper)).rejects.toThrow();
    writeIdentity(join(server.folder, 'tls'), await next.issue({ uris: [spiffe('echo')] }));
    await eventually(async () => expect((await ask(scraper)).status).toBe(200));
  });
});
