import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { digestOf } from '../../stacks/pins.ts';
import { LookupFailure } from '../pins/lookup-failure.ts';
import { readDescriptor } from '../registry/descriptor.ts';
import type { Descriptor } from '../registry/descriptor.ts';
import type { ImageSource } from './image-source.ts';

/**
 * An image in a folder, as `docker buildx build --output type=oci,tar=false,dest=…` leaves it.
 * Source: OCI Image Specification 1.1, "OCI Image Layout Specification"
 *
 * @throws {LookupFailure} where there is no image, or more than one
 */
export function layoutSource(folder: string): ImageSource {
  const index = path.join(folder, 'index.json');
  if (!existsSync(path.join(folder, 'oci-layout')) || !existsSync(index)) {
    throw new LookupFailure(
      `'${folder}' is not the layout of an image: it lacks index.json or oci-layout`,
    );
  }
  const { manifests = [] } = JSON.parse(readFileSync(index, 'utf8')) as {
    readonly manifests?: readonly unknown[];
  };
  const [only, ...others] = manifests;
  if (only === undefined || others.length > 0) {
    throw new LookupFailure(`'${folder}' has ${manifests.length} images, and must have one`);
  }
  const root = readDescriptor(only);
  const fileOf = (digest: string): string => path.join(folder, 'blobs', ...digest.split(':'));
  return {
    name: folder,
    digest: root.digest,
    manifest: async (digest) => {
      const file = fileOf(digest);
      if (!existsSync(file)) throw new LookupFailure(`'${folder}' lacks ${digest}`);
      const bytes = readFileSync(file);
      if (digestOf(bytes) !== digest) throw new LookupFailure(`'${file}' has other bytes`);
      const { mediaType } = JSON.parse(bytes.toString('utf8')) as { readonly mediaType?: string };
      const type = mediaType ?? (digest === root.digest ? root.mediaType : '');
      return await Promise.resolve({ digest, type, bytes });
    },
    blob: async ({ digest }: Descriptor) => {
      const file = fileOf(digest);
      if (!existsSync(file)) throw new LookupFailure(`'${folder}' lacks ${digest}`);
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      if (`sha256:${hash.digest('hex')}` === digest) return file;
      throw new LookupFailure(`'${file}' has other bytes than it is named by`);
    },
  };
}
