import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import type { Pin } from '../../stacks/pins.ts';
import { lookUp } from './look-up.ts';
import type { LookedUp, WantedPin } from './look-up.ts';
import { digestOf, RegistryStandIn } from './testing/registry-stand-in.ts';

const CHART = 'application/vnd.cncf.helm.config.v1+json';
const IMAGE = 'application/vnd.oci.image.config.v1+json';
let registry: RegistryStandIn;

beforeAll(async () => {
  registry = await RegistryStandIn.start();
});

afterAll(() => registry.stop());

async function one(
  kind: Pin['kind'],
  reference: string,
  recorded: readonly Pin[] = [],
): Promise<LookedUp> {
  const [found] = await lookUp([{ kind, name: 'one', reference }], recorded);
  if (found === undefined) throw new Error('Nothing was looked up');
  return found;
}

const image = (path: string, recorded?: readonly Pin[]) =>
  one('image', `${registry.host}/${path}`, recorded);

const indexed = (path: string) => one('chart', `http://${registry.host}/${path}`);

const unresolved = (reason: string) => ({ pin: { digest: 'unresolved' }, reason });

describe('the digest of an image', () => {
  test('is that of the manifest', async () => {
    const digest = registry.pushImage('shop/catalog', '1.0');
    const reference = `${registry.host}/shop/catalog:1.0`;
    expect(await image('shop/catalog:1.0')).toEqual({
      pin: { kind: 'image', name: 'one', reference, digest },
    });
  });

  test('is read with a token where the registry wants one, which it gives to anybody', async () => {
    const digest = registry.pushImage('shop/guarded', '1.0');
    registry.protect('shop/guarded', 'a-token');
    const before = registry.requests.length;
    expect(await image('shop/guarded:1.0')).toMatchObject({ pin: { digest } });
    expect(registry.requests.slice(before)).toEqual([
      ['/v2/shop/guarded/manifests/1.0', undefined],
      ['/token?service=stand-in&scope=repository%3Ashop%2Fguarded%3Apull', undefined],
      ['/v2/shop/guarded/manifests/1.0', 'Bearer a-token'],
    ]);
  });

  test('is not known when a header claims another one', async () => {
    const headers = {
      'content-type': 'application/vnd.oci.image.index.v1+json',
      'docker-content-digest': digestOf('something else'),
    };
    registry.push('shop/forged', '1.0', { headers, body: '{}' });
    expect(await image('shop/forged:1.0')).toMatchObject(
      unresolved(
        `${registry.host} says that the digest is ${digestOf('something else')}, but it is ${digestOf('{}')}`,
      ),
    );
  });

  test('is not that of a page that came instead of a manifest', async () => {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    registry.push('shop/portal', '1.0', { headers, body: '<h1>Please sign in</h1>' });
    expect(await image('shop/portal:1.0')).toMatchObject(
      unresolved(
        `${registry.host} answered with 'text/html', which is not a manifest of this kind`,
      ),
    );
  });

  test('is not that of bytes that are not JSON, whatever their type says', async () => {
    const headers = { 'content-type': 'application/vnd.oci.image.index.v1+json' };
    registry.push('shop/broken', '1.0', { headers, body: '{"schemaVersion":' });
    expect(await image('shop/broken:1.0')).toMatchObject(
      unresolved(`${registry.host} answered with something that is not JSON`),
    );
  });

  test.each([
    [404, "has no 'shop/odd:1.0'"],
    [500, 'answered 500'],
    [401, 'shows this to nobody without an account'],
  ])('is not known when the registry answers %s', async (status, reason) => {
    registry.push('shop/odd', '1.0', { status });
    expect(await image('shop/odd:1.0')).toMatchObject(unresolved(`${registry.host} ${reason}`));
  });

  test('is not known when the giver of tokens refuses one', async () => {
    const realm = `http://${registry.host}/token`;
    const headers = { 'www-authenticate': `Bearer realm="${realm}",service="stand-in"` };
    registry.push('shop/closed', '1.0', { status: 401, headers });
    expect(await image('shop/closed:1.0')).toMatchObject(
      unresolved(`${registry.host} gave no token for ${registry.host} (403)`),
    );
  });

  test('is not known when nobody answers', async () => {
    const host = `127.0.0.1:${await freePort('127.0.0.1')}`;
    expect(await one('image', `${host}/shop/catalog:1.0`)).toMatchObject(
      unresolved(`${host} cannot be reached (ECONNREFUSED)`),
    );
  });

  test('is not asked for where the way could be tampered with', async () => {
    const headers = { location: 'http://registry.example/elsewhere' };
    registry.push('shop/moved', '1.0', { status: 307, headers });
    expect(await image('shop/moved:1.0')).toMatchObject(
      unresolved("registry.example must be asked over HTTPS, got 'http://'"),
    );
  });

  test('is found where the registry sends us, without showing its token there', async () => {
    const elsewhere = await RegistryStandIn.start();
    const digest = elsewhere.pushImage('shop/moved', '2.0');
    const location = `http://${elsewhere.host}/v2/shop/moved/manifests/2.0`;
    registry.push('shop/moved', '2.0', { status: 307, headers: { location } });
    registry.protect('shop/moved', 'a-token');
    expect(await image('shop/moved:2.0')).toMatchObject({ pin: { digest } });
    expect(elsewhere.requests).toEqual([['/v2/shop/moved/manifests/2.0', undefined]]);
    await elsewhere.stop();
  });

  test('is not looked for where no address leads', async () => {
    registry.push('shop/lost', '1.0', { status: 302, headers: { location: 'https://[' } });
    expect(await image('shop/lost:1.0')).toMatchObject(
      unresolved(`${registry.host} redirects to 'https://[', which is not an address`),
    );
  });

  test('is not looked for in a circle', async () => {
    const headers = { location: '/v2/shop/circle/manifests/1.0' };
    registry.push('shop/circle', '1.0', { status: 301, headers });
    expect(await image('shop/circle:1.0')).toMatchObject(
      unresolved(`${registry.host} redirects more than 5 times`),
    );
  });

  test.each(['catalog:1.0', 'registry.example/catalog', 'registry.example/catalog:latest:1'])(
    'needs a reference that says all: %s',
    async (reference) => {
      expect(await one('image', reference)).toMatchObject(
        unresolved(`must be <host>/<repository>:<tag>, got '${reference}'`),
      );
    },
  );

  test('stays what it was when the registry is away, but not under another reference', async () => {
    const recorded = (tag: string): Pin => ({
      kind: 'image',
      name: 'one',
      reference: `${registry.host}/shop/away:${tag}`,
      digest: digestOf('before'),
    });
    registry.push('shop/away', '1.0', { status: 503 });
    const reason = `${registry.host} answered 503`;
    expect(await image('shop/away:1.0', [recorded('1.0')])).toEqual({
      pin: recorded('1.0'),
      reason,
    });
    expect(await image('shop/away:1.0', [recorded('0.9')])).toMatchObject(unresolved(reason));
  });
});

describe('the digest of a chart', () => {
  const archive = 'the bytes of an archive';

  function publish(digest: unknown, url: string): void {
    const entry = { version: 'v1.2.3', ...(digest === undefined ? {} : { digest }), urls: [url] };
    const body = JSON.stringify({ apiVersion: 'v1', entries: { certs: [entry] } });
    registry.serve('/charts/index.yaml', { body });
    registry.serve('/charts/archives/certs-v1.2.3.tgz', { body: archive });
  }

  test.each([
    ['with its digest', digestOf(archive).replace('sha256:', '')],
    ['with its digest and algorithm', digestOf(archive)],
    ['without a digest', undefined],
  ])('is that of the archive that the index lists %s', async (_how, digest) => {
    publish(digest, 'archives/certs-v1.2.3.tgz');
    expect(await indexed('charts/certs:v1.2.3')).toMatchObject({
      pin: { kind: 'chart', digest: digestOf(archive) },
      archive: Buffer.from(archive),
    });
  });

  test('is not known when the archive is not what the index says', async () => {
    publish(digestOf('another'), 'archives/certs-v1.2.3.tgz');
    expect(await indexed('charts/certs:v1.2.3')).toMatchObject(
      unresolved(
        `${registry.host} says that the digest is ${digestOf('another')}, but it is ${digestOf(archive)}`,
      ),
    );
  });

  test.each([
    ['charts/certs:v9.9.9', 'has no certs v9.9.9'],
    ['charts/other:v1.2.3', "has no chart 'other'"],
    ['nowhere/certs:v1.2.3', 'answered 404 for its index'],
  ])('is not known where there is none: %s', async (path, reason) => {
    publish(undefined, 'archives/certs-v1.2.3.tgz');
    expect(await indexed(path)).toMatchObject(unresolved(`${registry.host} ${reason}`));
  });

  test.each([
    ['archives/gone.tgz', 'answered 404 for the archive'],
    ['https://[', 'does not say where certs v1.2.3 is'],
  ])('is not known without its archive: %p', async (url, reason) => {
    publish(undefined, url);
    expect(await indexed('charts/certs:v1.2.3')).toMatchObject(
      unresolved(`${registry.host} ${reason}`),
    );
  });

  test.each([
    ['entries: [', 'has an index that is not YAML'],
    ['<html></html>', 'has an index without charts'],
  ])('is not read from an index that is none: %s', async (body, reason) => {
    registry.serve('/odd/index.yaml', { body });
    expect(await indexed('odd/certs:v1.2.3')).toMatchObject(
      unresolved(`${registry.host} ${reason}`),
    );
  });

  test('is that of the archive in a registry, where a tag has no plus sign', async () => {
    const digest = registry.pushChart('charts/edge', 'v1.5.0_a', archive);
    registry.protect('charts/edge', 'a-token');
    expect(await one('chart', `oci://${registry.host}/charts/edge:v1.5.0+a`)).toEqual({
      pin: expect.objectContaining({ digest }) as unknown,
      archive: Buffer.from(archive),
    });
  });

  test('is not known when the archive in a registry is not what its manifest says', async () => {
    registry.pushChart('charts/forged', '1.0', archive, digestOf('another'));
    expect(await one('chart', `oci://${registry.host}/charts/forged:1.0`)).toMatchObject(
      unresolved(
        `${registry.host} says that the digest is ${digestOf('another')}, but it is ${digestOf(archive)}`,
      ),
    );
  });

  test('is not known where a registry has a chart without an archive', async () => {
    registry.pushManifest('charts/empty', '1.0', CHART);
    expect(await one('chart', `oci://${registry.host}/charts/empty:1.0`)).toMatchObject(
      unresolved(`${registry.host} has a chart without an archive there`),
    );
  });

  test('is not that of an image of the same name', async () => {
    registry.pushManifest('charts/image', '1.0', IMAGE);
    expect(await one('chart', `oci://${registry.host}/charts/image:1.0`)).toMatchObject(
      unresolved(`${registry.host} has an image there, and no chart`),
    );
  });

  test('needs a reference that says all', async () => {
    expect(await one('chart', 'certs:1.0')).toMatchObject({
      reason: expect.stringMatching(/^must be oci:.* or https:.*, got 'certs:1\.0'$/) as unknown,
    });
  });
});

test('everything is looked up, sorted by kind and name, whatever becomes of the others', async () => {
  const digest = registry.pushImage('shop/search', '1.0');
  const wanted: WantedPin[] = [
    { kind: 'image', name: 'search', reference: `${registry.host}/shop/search:1.0` },
    { kind: 'image', name: 'audit', reference: `${registry.host}/shop/audit:1.0` },
    { kind: 'chart', name: 'zoo', reference: 'zoo' },
  ];
  const found = await lookUp(wanted, []);
  expect(found.map(({ pin }) => [pin.kind, pin.name, pin.digest])).toEqual([
    ['chart', 'zoo', 'unresolved'],
    ['image', 'audit', 'unresolved'],
    ['image', 'search', digest],
  ]);
});
