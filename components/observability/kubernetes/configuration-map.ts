import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { shortDigest } from '../../service/chart/names.ts';
import { partNamespace } from './parts.ts';
import type { TelemetryPart } from './parts.ts';

/** A configuration, and the name under which pods mount it. */
export interface Configuration {
  readonly name: string;
  readonly manifest: Manifest;
}

/**
 * The configuration of a part as a ConfigMap that never changes: other content is another name, and other
 * pods, one after the other. A program that read a changed one by itself would do so in all zones at once.
 */
export function configurationMap(
  { settings }: KubernetesContext,
  part: TelemetryPart,
  data: Readonly<Record<string, string>>,
  variant = '',
): Configuration {
  const name = `${part}${variant}-${shortDigest(JSON.stringify(data))}`;
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: partNamespace(settings, part),
    },
    immutable: true,
    data: { ...data },
  } satisfies k8s.ConfigMap;
  return { name, manifest };
}
