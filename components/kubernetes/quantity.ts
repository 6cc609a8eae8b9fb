/**
 * Quantities in the form that Kubernetes gives them itself. A controller that writes an object back gives them this form,
 * and has from then on the say over each that had another one: the next deployment meets a conflict.
 * Source: Kubernetes 1.36, apimachinery/pkg/api/resource/quantity.go, CanonicalizeBytes
 */

/** CPU, such as '250m' or '1'. */
export function cpuQuantity(millicores: number): string {
  return millicores % 1_000 === 0 ? String(millicores / 1_000) : `${millicores}m`;
}

/** Memory, such as '256Mi' or '1Gi'. */
export function memoryQuantity(mebibytes: number): string {
  return mebibytes % 1_024 === 0 ? `${mebibytes / 1_024}Gi` : `${mebibytes}Mi`;
}
