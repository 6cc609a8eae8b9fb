import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { bringImages } from '../../images/bring-images.ts';
import { imagesThere } from '../../images/images-there.ts';
import { layoutSource } from '../../images/layout-source.ts';
import { registrySource } from '../../images/registry-source.ts';
import { writeSampleLayout } from '../../images/testing/sample-layout.ts';
import type { SampleLayout } from '../../images/testing/sample-layout.ts';
import type { RegistryLogin } from '../logins.ts';
import { Registry } from '../registry.ts';
import type { TestRegistry } from './keeping-registry.ts';

/** Who may write to the registries of tests. */
export const TEST_LOGIN: RegistryLogin = { user: 'deploy', password: 'marker-of-a-password' };

/** A layer of more than a piece of any buffer. */
const LARGE = 'layer '.repeat(300_000);

/** Two registries, and images to bring into them. */
class RegistryBench {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'meridian-layouts-'));
  readonly #servers: readonly TestRegistry[];
  readonly #registries: readonly Registry[];

  constructor(servers: readonly TestRegistry[]) {
    this.#servers = servers;
    this.#registries = servers.map(({ host }) => new Registry(host, TEST_LOGIN));
  }

  registryAt(place: number): Registry {
    const registry = this.#registries[place];
    if (registry === undefined) throw new Error(`There is no registry ${place}`);
    return registry;
  }

  layout(name: string, sample: SampleLayout) {
    const place = path.join(this.folder, name);
    return { name, place, digest: writeSampleLayout(place, sample) };
  }

  wanted(name: string, place: string) {
    return {
      ...{ name, repository: `shop/${name}`, tag: '1.0.0' },
      source: () => layoutSource(place),
    };
  }

  async end(): Promise<void> {
    await Promise.all(this.#registries.map((registry) => registry.close()));
    await Promise.all(this.#servers.map((server) => server[Symbol.asyncDispose]()));
    rmSync(this.folder, { recursive: true });
  }
}

async function problemsOf(bringing: Promise<unknown>): Promise<readonly string[]> {
  try {
    await bringing;
  } catch (error) {
    if (error instanceof CodedError) return [error.code, ...error.problems];
    throw error;
  }
  return [];
}

/**
 * What holds of images that are brought into a registry, whichever it is.
 *
 * @param start a registry that TEST_LOGIN may write to
 */
export function testRegistryContract(start: () => Promise<TestRegistry>): void {
  let bench: RegistryBench;
  beforeAll(async () => {
    bench = new RegistryBench([await start(), await start()]);
  });
  afterAll(() => bench.end());

  testBringing(() => bench);
  testRefusals(() => bench);
}

function testBringing(given: () => RegistryBench): void {
  test('what was built is there by its digest, and what is there already is not sent again', async () => {
    const bench = given();
    const { name, place, digest } = bench.layout('catalog', {
      architectures: ['amd64', 'arm64'],
      text: LARGE,
    });
    const into = bench.registryAt(0);
    const [first] = await bringImages([bench.wanted(name, place)], into, 'arm64');
    expect(first).toMatchObject({ name, digest });
    expect(first?.sentBytes).toBeGreaterThan(LARGE.length);
    // Both architectures have the same layer, which is sent once.
    expect(first?.sentBytes).toBeLessThan(2 * LARGE.length);
    expect((await into.manifest('shop/catalog', '1.0.0'))?.digest).toBe(digest);
    expect(await bringImages([bench.wanted(name, place)], into, 'arm64')).toEqual([
      { name, digest, sentBytes: 0 },
    ]);
  });

  test('what one registry has is in the other to the byte, by the digest of what was tried', async () => {
    const bench = given();
    const { name, place, digest } = bench.layout('orders', { architectures: ['arm64'] });
    await bringImages([bench.wanted(name, place)], bench.registryAt(0), 'arm64');
    const source = registrySource(bench.registryAt(0), 'shop/orders', digest);
    const copy = { name, repository: 'prod/orders', tag: '1.0.0', source: () => source };
    expect(await bringImages([copy], bench.registryAt(1), 'arm64')).toMatchObject([{ digest }]);
    const kept = await bench.registryAt(1).manifest('prod/orders', digest);
    const file = path.join(place, 'blobs', ...digest.split(':'));
    expect(kept?.bytes).toEqual(readFileSync(file));
    expect(await problemsOf(bringImages([copy], bench.registryAt(1), 'amd64'))).toEqual([
      'IMAGES_REFUSED',
      expect.stringMatching(
        /^Image 'orders': must be for 'amd64', as nodes are, got one for 'arm64'; /,
      ),
    ]);
  });

  test('what is there by its digest is found without where it came from, and what is not is not', async () => {
    const bench = given();
    const { name, place, digest } = bench.layout('gateway', { architectures: ['arm64'] });
    await bringImages([bench.wanted(name, place)], bench.registryAt(0), 'arm64');
    const at = (image: string, of: string) => ({
      ...{ name: image, digest: of },
      reference: `${bench.registryAt(0).host}/shop/${image}:1.0.0`,
    });
    const there = [at(name, digest)];
    const others = [
      at(name, `sha256:${'0'.repeat(64)}`),
      at('nowhere', digest),
      at(name, 'unresolved'),
    ];
    expect(await imagesThere([...there, ...others], bench.registryAt(0))).toEqual(there);
  });
}

function testRefusals(given: () => RegistryBench): void {
  test('a version is one image for ever, and all that is wrong is told before anything is sent', async () => {
    const bench = given();
    const before = bench.layout('search', { architectures: ['arm64'] });
    await bringImages([bench.wanted('search', before.place)], bench.registryAt(0), 'arm64');
    const after = bench.layout('search-again', {
      architectures: ['arm64'],
      text: 'another program',
    });
    const fresh = bench.layout('payments', { architectures: ['arm64'] });
    const bringing = bringImages(
      [
        bench.wanted('payments', fresh.place),
        bench.wanted('search', after.place),
        bench.wanted('gateway', path.join(bench.folder, 'nowhere')),
      ],
      bench.registryAt(0),
      'arm64',
    );
    expect(await problemsOf(bringing)).toEqual([
      'IMAGES_REFUSED',
      `Image 'search': must be what '1.0.0' is already at ${bench.registryAt(0).host}, ${before.digest}, got ${after.digest}; a version is one image for ever: raise that of package.json`,
      expect.stringMatching(/^Image 'gateway': '.*nowhere' is not the layout of an image/),
    ]);
    expect((await bench.registryAt(0).manifest('shop/search', '1.0.0'))?.digest).toBe(
      before.digest,
    );
    await expect(
      bench
        .registryAt(0)
        .manifest('shop/payments', '1.0.0')
        .catch(() => undefined),
    ).resolves.toBe(undefined);
  });

  test('bytes that are not those of their digest are kept under no name', async () => {
    const bench = given();
    const { name, place } = bench.layout('audit', { architectures: ['arm64'], text: 'right' });
    const [layer] = layersOf(place);
    writeFileSync(layer ?? '', 'wrong');
    await expect(
      bringImages([bench.wanted(name, place)], bench.registryAt(0), 'arm64'),
    ).rejects.toThrow(/has other bytes than it is named by/);
    await expect(
      bench
        .registryAt(0)
        .manifest('shop/audit', '1.0.0')
        .catch(() => undefined),
    ).resolves.toBe(undefined);
  });

  test('whoever has another password is shown and may write nothing', async () => {
    const bench = given();
    const { name, place } = bench.layout('identity', { architectures: ['arm64'] });
    const stranger = new Registry(bench.registryAt(0).host, {
      user: 'deploy',
      password: 'guessed',
    });
    const problems = await problemsOf(bringImages([bench.wanted(name, place)], stranger, 'arm64'));
    expect(problems).toEqual(['IMAGES_REFUSED', expect.stringMatching(/answered 401/)]);
    expect(problems.join('\n')).not.toContain('guessed');
    const nobody = new Registry(bench.registryAt(0).host);
    expect(await problemsOf(bringImages([bench.wanted(name, place)], nobody, 'arm64'))).toEqual([
      'IMAGES_REFUSED',
      expect.stringMatching(/to nobody without an account/),
    ]);
    await Promise.all([stranger.close(), nobody.close()]);
  });
}

/** Files of layers of the first image of a sample. */
function layersOf(place: string): readonly string[] {
  const fileOf = (digest: string): string => path.join(place, 'blobs', ...digest.split(':'));
  const read = (file: string) =>
    JSON.parse(readFileSync(file, 'utf8')) as {
      readonly manifests: readonly { readonly digest: string }[];
      readonly layers: readonly { readonly digest: string }[];
    };
  const [list] = read(path.join(place, 'index.json')).manifests;
  const [image] = read(fileOf(list?.digest ?? '')).manifests;
  return read(fileOf(image?.digest ?? '')).layers.map(({ digest }) => fileOf(digest));
}
