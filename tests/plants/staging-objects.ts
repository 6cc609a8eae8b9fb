import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { KubernetesStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { Manifest } from '@meridian/components/kubernetes/manifest.ts';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import type { RawSettings } from '../../stacks/setting-schemas.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { graph } from '../charts/lowered-staging.ts';

/** The staging stack with other settings. */
export function stagingWith(raw: RawSettings): KubernetesStack {
  return lowerKubernetes({
    graph,
    settings: stagingSettings(raw),
    version: '0.0.0',
    migrations: {},
  });
}

const BACKUP = JSON.stringify({
  uri: 'https://s3.example',
  region: 'eu-1',
  bucket: 'copies',
  networks: ['192.0.2.0/24'],
});

/** With all that there can be. */
export const wholeStaging = stagingWith({ snapshotClass: 'csi-fast', postgresBackup: BACKUP });

const objects = new Map(
  objectsOf(wholeStaging).map((manifest) => [
    `${manifest.kind} ${manifest.metadata.name}`,
    manifest,
  ]),
);

/** An object of staging by its kind and name, such as 'CronJob order-story'. Throws Error where there is none. */
export function stagingObject(name: string): Manifest {
  const found = objects.get(name);
  if (found === undefined) throw new Error(`Staging has no object '${name}'`);
  return found;
}
