import { describe, expect, test } from '@jest/globals';
import { sameImages } from './wanted-images.ts';

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
