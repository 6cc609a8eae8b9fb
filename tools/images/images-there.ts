import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { LookupFailure } from '../pins/lookup-failure.ts';
import { registryReference } from '../pins/reference.ts';
import { NoRepository } from '../registry/registry.ts';
import type { Registry } from '../registry/registry.ts';
import type { OwnImage } from './wanted-images.ts';

/** Those that a registry has by the digest that is recorded: of where they came from nothing is asked any more. */
export async function imagesThere(
  images: readonly OwnImage[],
  registry: Registry,
): Promise<readonly OwnImage[]> {
  const there: OwnImage[] = [];
  for (const image of images) {
    if (image.digest !== UNRESOLVED && (await isThere(image, registry))) there.push(image);
  }
  return there;
}

async function isThere(
  { name, reference, digest }: OwnImage,
  registry: Registry,
): Promise<boolean> {
  try {
    const { repository } = registryReference(reference);
    return (await registry.manifest(repository, digest)) !== undefined;
  } catch (error) {
    if (error instanceof NoRepository) return false;
    if (!(error instanceof LookupFailure)) throw error;
    throw new CodedError(
      'IMAGES_REFUSED',
      `Image '${name}': must be looked for where it is to be, got '${error.message}'; see to the registry, or to the login (docs/images.md)`,
      { cause: error },
    );
  }
}
