import { basename, dirname } from 'node:path';
import {
  IDENTITY_FOLDER,
  BINDINGS_FOLDER,
  PREVIEW_SHARE_FILE,
  RELEASE_ROLE_FILE,
  SERVICE_FILE,
} from '@meridian/language/process-folder.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import type { MountedSecret } from '../kubernetes/mounted-secrets.ts';
import type { Configured } from './names.ts';
import {
  bindingAnnotation,
  canaryName,
  CONFIGURATION_ANNOTATION,
  ROLE_LABEL,
  SECRET_MODE,
  USER_ID,
  WORKING_FOLDER,
} from './names.ts';

/** A volume and where a service finds it. */
export interface Mounted {
  readonly volume: k8s.Volume;
  /** Relative to the working folder. */
  readonly folder: string;
}

/** cert-manager's driver that gives a pod the SPIFFE ID of its ServiceAccount, and renews it. */
const SPIFFE_DRIVER = 'spiffe.csi.cert-manager.io';

/** The configuration, the certificate, the role, the bindings and the keys of a service. */
export function mountedVolumes(service: ChartedService): readonly Mounted[] {
  return [
    ...mountedIdentity(),
    mountedRole(),
    ...(service.exposure === 'edge' ? [mountedShare(service)] : []),
    ...mountedCalls(service),
    ...service.secrets.map(mountedSecret),
  ];
}

/** A Secret, of which the owner and the group of the process may read. */
export function mountedSecret({ secret, folder }: MountedSecret): Mounted {
  return {
    folder,
    volume: {
      name: folder.replace(`${BINDINGS_FOLDER}/`, 'binding-'),
      secret: { secretName: secret, defaultMode: SECRET_MODE },
    },
  };
}

/** Who a process is: its configuration, and the certificate of its ServiceAccount. */
export function mountedIdentity(): readonly Mounted[] {
  return [
    mountedAnnotations('config', dirname(SERVICE_FILE), {
      [CONFIGURATION_ANNOTATION]: basename(SERVICE_FILE),
    }),
    {
      folder: IDENTITY_FOLDER,
      volume: {
        name: IDENTITY_FOLDER,
        csi: {
          driver: SPIFFE_DRIVER,
          readOnly: true,
          // Drivers before 0.10 do not know the pod's fsGroup, and the key would be root's alone.
          volumeAttributes: { [`${SPIFFE_DRIVER}/fs-group`]: String(USER_ID) },
        },
      },
    },
  ];
}

/** The bindings of what a process calls. */
export function mountedCalls({ bindings }: Configured): readonly Mounted[] {
  return Object.entries(bindings).map(([binding, properties]) =>
    mountedAnnotations(
      `binding-${binding}`,
      `${BINDINGS_FOLDER}/${binding}`,
      Object.fromEntries(
        Object.keys(properties).map((property) => [bindingAnnotation(binding, property), property]),
      ),
    ),
  );
}

/** The kubelet writes the file again when Argo Rollouts changes the label. */
function mountedRole(): Mounted {
  const fieldRef = { fieldPath: `metadata.labels['${ROLE_LABEL}']` };
  return {
    folder: dirname(RELEASE_ROLE_FILE),
    volume: {
      name: 'release',
      downwardAPI: { items: [{ path: basename(RELEASE_ROLE_FILE), fieldRef }] },
    },
  };
}

/** Whoever runs a rollout writes it, so it is not part of the chart; without it the share is none. */
function mountedShare({ name }: ChartedService): Mounted {
  const key = basename(PREVIEW_SHARE_FILE);
  const items = [{ key, path: key }];
  return {
    folder: dirname(PREVIEW_SHARE_FILE),
    volume: { name: 'canary', configMap: { name: canaryName(name), items, optional: true } },
  };
}

/** The volumes of the pod. */
export function podVolumes(mounted: readonly Mounted[]): readonly k8s.Volume[] {
  return mounted.map(({ volume }) => volume);
}

/** Where the container has them. */
export function volumeMounts(mounted: readonly Mounted[]): readonly k8s.VolumeMount[] {
  return mounted.map(({ volume, folder }) => ({
    name: volume.name,
    mountPath: `${WORKING_FOLDER}/${folder}`,
    readOnly: true,
  }));
}

/** Annotations of the pod itself as files. Source: Kubernetes, "Downward API", fields of a pod in a volume. */
function mountedAnnotations(
  name: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): Mounted {
  const items = Object.entries(files).map(([annotation, path]) => ({
    path,
    fieldRef: { fieldPath: `metadata.annotations['${annotation}']` },
  }));
  return { folder, volume: { name, downwardAPI: { items } } };
}
