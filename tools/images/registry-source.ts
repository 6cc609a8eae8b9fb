import path from 'node:path';
import { LookupFailure } from '../pins/lookup-failure.ts';
import type { Registry } from '../registry/registry.ts';
import type { ImageSource } from './image-source.ts';

/** An image that a registry keeps, by the digest of what was tried: a tag may be another one by now. */
export function registrySource(
  registry: Registry,
  repository: string,
  digest: string,
): ImageSource {
  return {
    name: `${registry.host}/${repository}@${digest}`,
    digest,
    manifest: async (part) => {
      const found = await registry.manifest(repository, part);
      if (found !== undefined) return found;
      throw new LookupFailure(`${registry.host} has no '${repository}@${part}'`);
    },
    blob: async (descriptor, folder) => {
      const file = path.join(folder, descriptor.digest.replace(':', '-'));
      await registry.readBlob(repository, descriptor, file);
      return file;
    },
  };
}
