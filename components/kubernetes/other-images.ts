import type { KubernetesSettings } from './kubernetes-settings.ts';
import { UNRESOLVED } from './manifest.ts';

/** The image of the programs that run once; it is built as those of services are. */
export const JOBS_IMAGE = 'jobs';

/** PostgreSQL as CloudNativePG publishes it. */
export const POSTGRESQL_IMAGE = 'postgresql';

/** Images besides those of services whose digests the setting `images` may give. */
export const OTHER_IMAGES: readonly string[] = [JOBS_IMAGE, POSTGRESQL_IMAGE];

/** The digest of an image; 'unresolved' where nobody has looked it up. */
export function imageDigest({ images }: KubernetesSettings, name: string): string {
  return images[name] ?? UNRESOLVED;
}
