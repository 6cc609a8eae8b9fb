import { afterEach, expect, test } from '@jest/globals';
import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import type { ExternalSecret } from '@meridian/language/bindings.ts';
import fc from 'fast-check';
import { ObjectStore } from '../publication/object-store.ts';
import type { ObjectStoreOptions } from '../publication/object-store.ts';
import { PublishedHeads } from '../publication/published-heads.ts';
import { bindingTo } from './store-binding.ts';

/** A store of a test, and a way to make buckets in it. */
export interface StoreUnderTest {
  /** To a new and empty bucket that keeps versions. */
  readonly emptyBucket: () => Promise<ExternalBinding>;
}

/** A head as the log would sign it; the signature is nobody's. */
export function headOf(size: bigint, root = 'root', signature = 'c2lnbmF0dXJl') {
  return { size, note: `sample/audit/1\n${size}\n${root}\n\n— sample/audit/1 ${signature}\n` };
}

const stores: ObjectStore[] = [];

function open(binding: ExternalBinding, options: ObjectStoreOptions = {}) {
  const store = new ObjectStore(binding, options);
  stores.push(store);
  const warnings: unknown[] = [];
  const heads = new PublishedHeads(store, { warn: (...said: unknown[]) => warnings.push(said) });
  return { store, heads, warnings };
}

/** What the client asks of every store: the stand-in and others' alike. */
export function testStoreContract(name: string, under: () => StoreUnderTest): void {
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  testHeads(name, under);
  testSearch(name, under);
  testAdmission(name, under);
}

function testHeads(name: string, under: () => StoreUnderTest): void {
  test(`${name} keeps each head under its size, and the newest is the largest`, async () => {
    const binding = await under().emptyBucket();
    const { heads, store, warnings } = open(binding);
    expect(await heads.newest()).toBeUndefined();
    for (const size of [1n, 300n, 20n]) await heads.publish(headOf(size));
    expect(await heads.newest()).toEqual(headOf(300n));
    expect(await open(binding).heads.newest()).toEqual(headOf(300n));
    await heads.publish(headOf(301n));
    expect(await heads.newest()).toEqual(headOf(301n));
    expect(await store.get('checkpoint')).toBe(headOf(301n).note);
    await heads.publish(headOf(21n));
    expect(await store.get('checkpoint')).toBe(headOf(21n).note);
    await heads.showNewest(headOf(301n));
    expect(await store.get('checkpoint')).toBe(headOf(301n).note);
    expect(await store.get('heads/00000000000000000020')).toBe(headOf(20n).note);
    expect(warnings).toEqual([]);
  });

  test(`${name} has the heads of a log that succeeds another one beside those`, async () => {
    const { store, heads } = open(await under().emptyBucket());
    const successor = new PublishedHeads(store, { warn: () => undefined }, 2);
    await heads.publish(headOf(9n));
    expect(await successor.newest()).toBeUndefined();
    await successor.publish(headOf(1n));
    expect(await successor.newest()).toEqual(headOf(1n));
    expect(await heads.newest()).toEqual(headOf(9n));
    expect(await store.get('2/checkpoint')).toBe(headOf(1n).note);
  });

  test(`${name} never replaces a head`, async () => {
    const { heads } = open(await under().emptyBucket());
    await heads.publish(headOf(7n));
    await heads.publish(headOf(7n));
    await heads.publish(headOf(7n, 'root', 'b3RoZXIga2V5'));
    await expect(heads.publish(headOf(7n, 'another root'))).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect(await heads.newest()).toEqual(headOf(7n));
  });

  test(`${name} has one of two heads of a size that come at once`, async () => {
    const binding = await under().emptyBucket();
    const both = ['one', 'other'].map((root) => open(binding).heads.publish(headOf(9n, root)));
    const ends = await Promise.allSettled(both);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
}

function testSearch(name: string, under: () => StoreUnderTest): void {
  test(`${name} has the newest of any number of heads found with pages of any length`, async () => {
    const binding = await under().emptyBucket();
    const published = new Set<bigint>();
    const { heads } = open(binding);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (sizes, pageKeys) => {
          for (const size of sizes) {
            await heads.publish(headOf(size));
            published.add(size);
          }
          const largest = [...published].reduce((one, other) => (one > other ? one : other));
          expect((await open(binding, { pageKeys }).heads.newest())?.size).toBe(largest);
          expect((await heads.newest())?.size).toBe(largest);
          const rest = [...published].filter((size) => size < largest);
          const next = rest.toSorted((one, other) => Number(other - one))[0];
          expect((await heads.newest(largest))?.size).toBe(next);
        },
      ),
      { numRuns: 10 },
    );
  });
}

function testAdmission(name: string, under: () => StoreUnderTest): void {
  test(`${name} has the keys of the log, and the certificates that vouch for them today`, async () => {
    const { heads, store } = open(await under().emptyBucket());
    const key = { keyId: '0a1b2c3d', vkey: 'sample/audit/1+0a1b2c3d+AQ==', chainPem: 'old\n' };
    await heads.publishKey(key);
    await heads.publishKey({ ...key, chainPem: 'new\n' });
    expect(await store.get('keys/0a1b2c3d.vkey')).toBe(`${key.vkey}\n`);
    expect(await heads.certificates('0a1b2c3d')).toBe('new\n');
    expect(await heads.certificates('0a1b2c3e')).toBeUndefined();
  });

  test(`${name} says what is wrong with a key and a bucket`, async () => {
    const binding = await under().emptyBucket();
    const troubleOf = (changed: ExternalBinding) =>
      open(changed)
        .heads.newest()
        .then(
          () => 'none',
          (error: unknown) => (error as { readonly kind?: string }).kind,
        );
    const wrong = (name: ExternalSecret) => (asked: ExternalSecret) =>
      asked === name ? ['wrong'] : binding.secrets(asked);
    const { uri } = binding;
    const parameters = { bucket: binding.parameter('bucket'), region: binding.parameter('region') };
    for (const name of ['access-key-id', 'secret-access-key'] as const) {
      expect(await troubleOf(bindingTo(uri, parameters, wrong(name)))).toBe('denied');
    }
    const absent = bindingTo(uri, { ...parameters, bucket: 'absent' }, binding.secrets);
    expect(await troubleOf(absent)).toBe('bucket-absent');
  });
}
