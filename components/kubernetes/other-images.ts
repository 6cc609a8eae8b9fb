import { TELEMETRY_IMAGES } from '../observability/kubernetes/charts.ts';
import { imageReference } from '../service/kubernetes/lower-services.ts';
import type { KubernetesContext, KubernetesLowering } from './lowering.ts';
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

/** All of them. */
export function otherImages(context: KubernetesLowering): readonly OtherImage[] {
  return [
    jobsImage(context),
    ...context.engines.flatMap(({ images }) => images),
    ...Object.values(TELEMETRY_IMAGES),
  ];
}

/** The digest of an image; 'unresolved' where nobody has looked it up. */
export function imageDigest(
  { settings: { images, pins } }: KubernetesContext,
  { name, reference }: OtherImage,
): string {
  return images[name] ?? pins[reference] ?? UNRESOLVED;
}
