import { readList } from './read-list.ts';
import type { Asked, Named } from './read-list.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const WAITS = 'WaitForFirstConsumer';

/** A StorageClass, as far as it says where its volumes are made. */
export interface CheckedStorageClass extends Named {
  /** @default Immediate */
  readonly volumeBindingMode?: string;
}

/** Whether volumes are made where their pod is. */
export async function storageProblems(api: Asked): Promise<readonly string[]> {
  const path = '/apis/storage.k8s.io/v1/storageclasses';
  return problemsOfClasses(await readList<CheckedStorageClass>(api, 'StorageClasses', path));
}

/** The same of these classes; of several defaults Kubernetes takes the newest. */
export function problemsOfClasses(classes: readonly CheckedStorageClass[]): readonly string[] {
  const chosen = classes
    .filter(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true')
    .toSorted((one, other) => createdOf(one).localeCompare(createdOf(other)))
    .at(-1);
  if (chosen === undefined) {
    const known = classes.map(({ metadata }) => `'${metadata.name}'`).join(', ');
    return [
      `StorageClass: one must be the default, got ${known === '' ? 'none at all' : `none of ${known}`}; give one the annotation ${DEFAULT_CLASS}: "true"`,
    ];
  }
  const { metadata, volumeBindingMode = 'Immediate' } = chosen;
  if (volumeBindingMode === WAITS) return [];
  return [
    `StorageClass '${metadata.name}': volumeBindingMode must be ${WAITS}, or volumes are made in other zones than their pods, got ${volumeBindingMode}; make another class the default`,
  ];
}

function createdOf({ metadata }: CheckedStorageClass): string {
  return metadata.creationTimestamp ?? '';
}
