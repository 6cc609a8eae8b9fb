import { digestOf } from '../../stacks/pins.ts';
import { LARGEST_CHART_BYTES } from './helm-repository.ts';
import type { FoundArchive } from './helm-repository.ts';
import { LookupFailure } from './lookup-failure.ts';
import type { RegistryReference } from './reference.ts';
import { findManifest, getBlob } from './registry.ts';

/** Manifests of charts; what tells them from images is the type of their configuration. */
const CHART_TYPES = ['application/vnd.oci.image.manifest.v1+json'];
const CHART_CONFIGURATION = 'application/vnd.cncf.helm.config.v1+json';
const CHART_CONTENT = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** What one layer of a manifest says of itself. */
interface Descriptor {
  readonly mediaType?: unknown;
  readonly digest?: unknown;
}

/**
 * The archive of a chart in a registry, held against the digest that its manifest names.
 * See https://helm.sh/docs/topics/registries/.
 *
 * @throws {LookupFailure} when there is none, or what comes is none
 */
export async function pullChart(reference: RegistryReference): Promise<FoundArchive> {
  const { host } = reference;
  const { manifest } = await findManifest(reference, CHART_TYPES);
  const { mediaType } = (manifest['config'] ?? {}) as Descriptor;
  if (mediaType !== CHART_CONFIGURATION) {
    throw new LookupFailure(`${host} has an image there, and no chart`);
  }
  const layers = (manifest['layers'] ?? []) as readonly Descriptor[];
  const content = layers.find((layer) => layer.mediaType === CHART_CONTENT);
  if (typeof content?.digest !== 'string') {
    throw new LookupFailure(`${host} has a chart without an archive there`);
  }
  const archive = await getBlob(reference, content.digest, LARGEST_CHART_BYTES);
  const digest = digestOf(archive);
  if (digest !== content.digest) {
    throw new LookupFailure(
      `${host} says that the digest is ${content.digest}, but it is ${digest}`,
    );
  }
  return { digest, archive };
}
