/** CPU and memory in the words of Kubernetes, such as '250m' and '256Mi'. */
export interface Quantities {
  readonly cpu: string;
  readonly memory: string;
}

const MILLI = 1_000;
const STEP = 1_024;

/**
 * CPU as Kubernetes' own code writes it: a controller that reads an object and writes it back makes '1' of '1000m', owns
 * the field from then on, and the next who applies '1000m' is refused.
 * Source: Kubernetes 1.36.3, apimachinery/pkg/api/resource/quantity.go, CanonicalizeBytes
 */
export function cpuQuantity(millicores: number): string {
  return millicores % MILLI === 0 ? String(millicores / MILLI) : `${millicores}m`;
}

/** Memory in the same way: '1Gi', and not '1024Mi'. */
export function memoryQuantity(mebibytes: number): string {
  return mebibytes % STEP === 0 ? `${mebibytes / STEP}Gi` : `${mebibytes}Mi`;
}
