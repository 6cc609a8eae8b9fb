import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** What has an image: each service that has code, and the programs that run once in a cluster. */
const images = [
  ...readdirSync(path.join(root, 'services')).filter((service) =>
    existsSync(path.join(root, 'services', service, 'main.ts')),
  ),
  'jobs',
].toSorted();

test('whoever builds images by the document builds all of them', () => {
  const loops = [...read('docs/images.md').matchAll(/for SERVICE in (.*); do/g)];
  expect(loops.map(([, list = '']) => list.split(' '))).toEqual([images, images]);
});

test('the settings of bootstrap show the name of each', () => {
  const [, list = ''] =
    /meridian-bootstrap:images: \[(.*)\]/.exec(read('bootstrap/Pulumi.prod.yaml')) ?? [];
  expect(list.split(', ')).toEqual(images);
});
