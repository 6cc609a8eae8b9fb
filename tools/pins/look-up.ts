import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { compareText } from '@meridian/components/model/order.ts';
import type { Pin } from '../../stacks/pins.ts';
import { findChart } from './helm-repository.ts';
import { LookupFailure } from './lookup-failure.ts';
import { chartReference, registryReference } from './reference.ts';
import { findManifest, IMAGE_TYPES } from './registry.ts';

/** Something to look up. */
export type WantedPin = Omit<Pin, 'digest'>;

/** What came of it. */
export interface LookedUp {
  readonly pin: Pin;
  /** Why nothing was found now; the pin is then what an earlier run recorded, if any did. */
  readonly reason?: string;
}

/** Manifests of charts; what tells them from images is the type of their configuration. */
const CHART_TYPES = ['application/vnd.oci.image.manifest.v1+json'];
const CHART_CONFIGURATION = 'application/vnd.cncf.helm.config.v1+json';

/**
 * Looks up everything, one after the other, sorted by kind and name. What cannot be found stays what
 * it was recorded as under the same reference, else 'unresolved': no digest is made up, and none that
 * was found is forgotten because a network is away.
 */
export async function lookUp(
  wanted: readonly WantedPin[],
  recorded: readonly Pin[],
): Promise<readonly LookedUp[]> {
  const sorted = wanted.toSorted(
    (a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name),
  );
  const results: LookedUp[] = [];
  for (const pin of sorted) results.push(await lookUpOne(pin, recorded));
  return results;
}

async function lookUpOne(wanted: WantedPin, recorded: readonly Pin[]): Promise<LookedUp> {
  const { kind, name, reference } = wanted;
  try {
    const digest = await (kind === 'image' ? imageDigest(reference) : chartDigest(reference));
    return { pin: { kind, name, reference, digest } };
  } catch (error) {
    if (!(error instanceof LookupFailure)) throw error;
    const known = recorded.find((pin) => pin.kind === kind && pin.reference === reference);
    const digest = known?.digest ?? UNRESOLVED;
    return { pin: { kind, name, reference, digest }, reason: error.message };
  }
}

async function imageDigest(reference: string): Promise<string> {
  return (await findManifest(registryReference(reference), IMAGE_TYPES)).digest;
}

async function chartDigest(text: string): Promise<string> {
  const chart = chartReference(text);
  if (chart.kind === 'indexed') return await findChart(chart);
  const { digest, manifest } = await findManifest(chart.reference, CHART_TYPES);
  const { mediaType } = (manifest['config'] ?? {}) as { readonly mediaType?: unknown };
  if (mediaType !== CHART_CONFIGURATION) {
    throw new LookupFailure(`${chart.reference.host} has an image there, and no chart`);
  }
  return digest;
}
