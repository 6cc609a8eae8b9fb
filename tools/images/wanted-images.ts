import { sortedByName } from '@meridian/components/model/order.ts';
import { DEFAULT_REGISTRY } from '../../stacks/pods-settings.ts';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { imageReference } from '@meridian/components/service/kubernetes/lower-services.ts';
import type { PodsStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { PodsSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';

/** An image of the platform's own, as a stack takes it. */
export interface OwnImage {
  readonly name: string;
  /** With its version: 'registry.example/meridian/catalog:0.1.0'. */
  readonly reference: string;
  /** `sha256:` and 64 hexadecimal digits, or 'unresolved'. */
  readonly digest: string;
}

/** The images that are built of this repository, sorted by name: those of services that have code, and that of Jobs. */
export function ownImages({
  settings,
  lowered,
}: {
  readonly settings: Pick<PodsSettings, 'images' | 'pins' | 'registry'>;
  readonly lowered: Pick<PodsStack, 'images' | 'services'>;
}): readonly OwnImage[] {
  const services = lowered.services.map(({ name, image, version }) => ({
    name,
    reference: imageReference(image.repository, version),
  }));
  const others = lowered.images.filter(({ reference }) =>
    reference.startsWith(`${settings.registry}/`),
  );
  const images = [...services, ...others].map(({ name, reference }) => ({
    name,
    reference,
    digest: settings.images[name] ?? settings.pins[reference] ?? UNRESOLVED,
  }));
  return sortedByName(images);
}

/**
 * What a stack is to run because another one runs it: the same digests, under its own registry. Of what both take from one place
 * nothing is to be brought.
 *
 * @throws {CodedError} IMAGES_REFUSED where the other one has no image of a name, or no digest for it
 */
export function sameImages(
  stack: readonly OwnImage[],
  of: { readonly stack: string; readonly images: readonly OwnImage[] },
): readonly (OwnImage & { readonly from: string })[] {
  const problems: string[] = [];
  const same = stack.flatMap((image) => {
    const other = of.images.find(({ name }) => name === image.name);
    if (other === undefined) {
      problems.push(`Image '${image.name}': must be one that '${of.stack}' runs, got none there`);
      return [];
    }
    if (other.reference === image.reference) return [];
    if (other.digest === UNRESOLVED) {
      problems.push(
        `Image '${image.name}': must be looked up for '${of.stack}', got '${UNRESOLVED}' for '${other.reference}'; run npm run pins -- --stack ${of.stack}`,
      );
    }
    return [{ ...image, digest: other.digest, from: other.reference }];
  });
  if (problems.length === 0) return same;
  throw new CodedError('IMAGES_REFUSED', problems.join('\n'), { problems });
}

/**
 * Refuses what two stacks take from one place, where none of it can be run: of an example's registry, or without a digest. What is
 * taken from one place and has one is neither brought nor recorded.
 *
 * @throws {CodedError} IMAGES_REFUSED
 */
export function refuseShared(
  {
    stack,
    images,
    registry,
  }: { readonly stack: string; readonly images: readonly OwnImage[]; readonly registry: string },
  of: { readonly stack: string; readonly images: readonly OwnImage[] },
): void {
  const shared = images.filter(({ reference }) =>
    of.images.some((other) => other.reference === reference),
  );
  const problems =
    registry === DEFAULT_REGISTRY && shared.length > 0
      ? [
          `Images of '${stack}': must be under a registry of its own, got '${registry}' for '${of.stack}' as well, which is of an example, so that there is nothing to bring; set one with pulumi config set registry … --stack ${stack}, and of '${of.stack}' that where its images are`,
        ]
      : shared
          .filter(({ digest }) => digest === UNRESOLVED)
          .map(
            ({ name, reference }) =>
              `Image '${name}': must be looked up, got '${UNRESOLVED}' for '${reference}', which '${of.stack}' takes too; run npm run pins -- --stack ${stack}`,
          );
  if (problems.length > 0)
    throw new CodedError('IMAGES_REFUSED', problems.join('\n'), { problems });
}
