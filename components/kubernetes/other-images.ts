import { imageReference } from '../service/kubernetes/lower-services.ts';
import type { KubernetesContext } from './lowering.ts';
import { UNRESOLVED } from './manifest.ts';

/** An image that is run besides those of services. */
export interface OtherImage {
  /** By which the setting `images` may give its digest. */
  readonly name: string;
  /** What it is published as, with its version. */
  readonly reference: string;
}

/** The image of the programs that run once; it is built as those of services are. */
export function jobsImage({ settings, version }: KubernetesContext): OtherImage {
  return { name: 'jobs', reference: imageReference(`${settings.registry}/jobs`, version) };
}

/** What CloudNativePG 1.27 runs by default. */
export const POSTGRESQL_IMAGE: OtherImage = {
  name: 'postgresql',
  reference: 'ghcr.io/cloudnative-pg/postgresql:17.5',
};

/** What the chart `valkey` 0.11.0 runs by default. */
export const VALKEY_IMAGE: OtherImage = {
  name: 'valkey',
  reference: 'docker.io/valkey/valkey:9.1.1',
};

/** All of them. */
export function otherImages(context: KubernetesContext): readonly OtherImage[] {
  return [jobsImage(context), POSTGRESQL_IMAGE, VALKEY_IMAGE];
}

/** The digest of an image; 'unresolved' where nobody has looked it up. */
export function imageDigest(
  { settings: { images, pins } }: KubernetesContext,
  { name, reference }: OtherImage,
): string {
  return images[name] ?? pins[reference] ?? UNRESOLVED;
}
