import { describe, expect, test } from '@jest/globals';
import { refuseShared, sameImages } from './wanted-images.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const image = (name: string, registry: string, of = digest) => ({
  ...{ name, digest: of },
  reference: `${registry}/${name}:1.0.0`,
});

describe('images that another stack runs', () => {
  test('are the same digests at the registry of this one', () => {
    const [catalog] = sameImages([image('catalog', 'prod.example/shop', 'unresolved')], {
      stack: 'staging',
      images: [image('catalog', 'staging.example/shop'), image('orders', 'staging.example/shop')],
    });
    expect(catalog).toEqual({
      ...{ name: 'catalog', reference: 'prod.example/shop/catalog:1.0.0', digest },
      from: 'staging.example/shop/catalog:1.0.0',
    });
  });

  test('are nothing to bring where both take them from one place', () => {
    const images = [image('catalog', 'shared.example/shop')];
    expect(sameImages(images, { stack: 'staging', images })).toEqual([]);
  });

  test('are refused as long as nobody knows their digests, all at once', () => {
    const stack = ['catalog', 'jobs'].map((name) => image(name, 'prod.example/shop'));
    const of = {
      stack: 'staging',
      images: [image('catalog', 'staging.example/shop', 'unresolved')],
    };
    expect(() => sameImages(stack, of)).toThrow(
      /^Image 'catalog': must be looked up for 'staging', got 'unresolved' .*\nImage 'jobs': must be one that 'staging' runs, got none there$/,
    );
  });
});

describe('images that two stacks take from one place', () => {
  const refuse = (registry: string, digests: readonly string[]) => {
    const images = digests.map((one, index) =>
      image(['catalog', 'jobs'][index] ?? '', registry, one),
    );
    refuseShared({ stack: 'prod', images, registry }, { stack: 'staging', images });
  };

  test("are refused at an example's registry: there is nothing to bring", () => {
    expect(() => {
      refuse('registry.example/meridian', ['unresolved', digest]);
    }).toThrow(
      /^Images of 'prod': .* got 'registry\.example\/meridian' for 'staging' as well, .* nothing to bring; set one with pulumi config set registry … --stack prod/,
    );
  });

  test('are refused by their names as long as nobody knows their digests', () => {
    expect(() => {
      refuse('shared.example/shop', [digest, 'unresolved']);
    }).toThrow(
      /^Image 'jobs': must be looked up, got 'unresolved' for 'shared\.example\/shop\/jobs:1\.0\.0', .* run npm run pins -- --stack prod$/,
    );
  });

  test('are as they are to be where they have their digests', () => {
    expect(() => {
      refuse('shared.example/shop', [digest, digest]);
    }).not.toThrow();
  });
});
