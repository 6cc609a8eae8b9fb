import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import type { Pin } from '../../stacks/pins.ts';
import { comparePins } from './compare-pins.ts';
import { findChart } from './helm-repository.ts';
import type { FoundArchive } from './helm-repository.ts';
import { LookupFailure } from './lookup-failure.ts';
import { chartReference, registryReference } from './reference.ts';
import { pullChart } from './registry-chart.ts';
import { findManifest, IMAGE_TYPES } from './registry.ts';

/** Something to look up. */
export type WantedPin = Omit<Pin, 'digest'>;

/** What came of it. */
export interface LookedUp {
  readonly pin: Pin;
  /** Why nothing was found now; the pin is then what an earlier run recorded, if any did. */
  readonly reason?: string;
  /** The archive of a chart that was found. */
  readonly archive?: Buffer;
}

/**
 * Looks up everything, one after the other, sorted by kind and name. What cannot be found stays what
 * it was recorded as under the same reference, else 'unresolved': no digest is made up, and none that
 * was found is forgotten because a network is away.
 */
export async function lookUp(
  wanted: readonly WantedPin[],
  recorded: readonly Pin[],
): Promise<readonly LookedUp[]> {
  const sorted = wanted.toSorted(comparePins);
  const results: LookedUp[] = [];
  for (const pin of sorted) results.push(await lookUpOne(pin, recorded));
  return results;
}

async function lookUpOne(wanted: WantedPin, recorded: readonly Pin[]): Promise<LookedUp> {
  const { kind, name, reference } = wanted;
  try {
    const { digest, ...found } = await (kind === 'image'
      ? findManifest(registryReference(reference), IMAGE_TYPES)
      : findArchive(reference));
    const archive = 'archive' in found ? { archive: found.archive } : {};
    return { pin: { kind, name, reference, digest }, ...archive };
  } catch (error) {
    if (!(error instanceof LookupFailure)) throw error;
    const known = recorded.find((pin) => pin.kind === kind && pin.reference === reference);
    const digest = known?.digest ?? UNRESOLVED;
    return { pin: { kind, name, reference, digest }, reason: error.message };
  }
}

async function findArchive(text: string): Promise<FoundArchive> {
  const chart = chartReference(text);
  return await (chart.kind === 'indexed' ? findChart(chart) : pullChart(chart.reference));
}
