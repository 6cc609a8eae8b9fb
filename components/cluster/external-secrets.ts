import type { NeededDefinitions } from '../../providers/cluster/resources/cluster-check.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import { awaited } from '../kubernetes/manifest.ts';
import type { OwnersSecret } from '../kubernetes/owners-secret.ts';
import { sortedUnique } from '../model/order.ts';
import { telemetrySecrets } from '../observability/kubernetes/owners-secrets.ts';
import { namespaces } from './namespaces.ts';

const API_VERSION = 'external-secrets.io/v1';

/** Where a new key of the store is in the cluster at the latest; its default, in the words that Go writes it in. */
const REFRESH = '1h0m0s';

/**
 * For a store that is made while it waits: after a failure its controller tries again within seven minutes.
 * Source: External Secrets 2.9.0, pkg/controllers/common/common.go, failureMaxDelay
 */
const SYNCED_SECONDS = 900;

/**
 * Of a Secret of type kubernetes.io/dockerconfigjson, in the cluster and in the store: most stores take a dot for a step
 * into what a key holds. Source: External Secrets 2.9.0, providers/v1/gcp/secretmanager/client.go, getDataByProperty
 */
const PULL_KEY = '.dockerconfigjson';

/** What a cluster must have for them; it is never the program's to install. */
export function externalSecretsDefinitions({
  settings,
}: KubernetesLowering): readonly NeededDefinitions[] {
  if (settings.externalSecrets === undefined) return [];
  return [
    {
      operator: 'external-secrets',
      namespace: 'external-secrets',
      release: '2.9.0',
      apiVersion: API_VERSION,
      kinds: ['ExternalSecret'],
      setting: 'externalSecrets',
    },
  ];
}

/** An ExternalSecret for every Secret that is the owner's to make; none where nothing says from which store. */
export function externalSecrets(context: KubernetesLowering): readonly Manifest[] {
  const { externalSecrets: from } = context.settings;
  if (from === undefined) return [];
  const { store: name, kind, prefix = `${context.graph.name}/` } = from;
  return ownersSecrets(context).map((secret) =>
    externalSecret(secret, { store: { name, kind }, prefix }),
  );
}

/** Each by its place, with the keys of all who read it. Inputs of tasks are not among them: they are given for one run. */
function ownersSecrets(context: KubernetesLowering): readonly OwnersSecret[] {
  const secrets = [
    ...ownersPullSecrets(context),
    ...context.engines.flatMap((engine) => engine.ownersSecrets?.(context) ?? []),
    ...telemetrySecrets(context),
  ];
  const byPlace = Map.groupBy(secrets, ({ namespace, name }) => `${namespace}/${name}`);
  return [...byPlace.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : { ...first, keys: sortedUnique([first, ...others].flatMap(({ keys }) => keys)) },
  );
}

/** In every namespace with pods of the platform or of what it installs: those of the edge are there in any case. */
function ownersPullSecrets(context: KubernetesLowering): readonly OwnersSecret[] {
  const { imagePullSecrets, namespaces: shared } = context.settings;
  const places = sortedUnique([
    ...namespaces(context).map(({ metadata }) => metadata.name),
    shared.edge,
  ]);
  return imagePullSecrets.flatMap((name) =>
    places.map((namespace) => ({ namespace, name, keys: [PULL_KEY] })),
  );
}

interface From {
  readonly store: k8s.ExternalSecret['spec']['secretStoreRef'];
  readonly prefix: string;
}

/**
 * The Secret goes with its ExternalSecret; a key that is gone from the store is not gone from the Secret. With a
 * template it gets no labels and annotations of the ExternalSecret, which are for Pulumi.
 * Source: External Secrets 2.9.0, apis/externalsecrets/v1/externalsecret_types.go, and
 * pkg/controllers/externalsecret/externalsecret_controller_template.go, setMetadata
 */
function externalSecret(
  { namespace, name, keys }: OwnersSecret,
  { store, prefix }: From,
): k8s.ExternalSecret {
  const type = keys.includes(PULL_KEY) ? 'kubernetes.io/dockerconfigjson' : 'Opaque';
  return {
    apiVersion: API_VERSION,
    kind: 'ExternalSecret',
    metadata: { name, namespace, annotations: awaited(SYNCED_SECONDS) },
    spec: {
      secretStoreRef: store,
      refreshInterval: REFRESH,
      target: {
        name,
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        template: { type },
      },
      data: keys.map((secretKey) => ({
        secretKey,
        remoteRef: { key: `${prefix}${name}`, property: secretKey.replace(/^\./, '') },
      })),
    },
  };
}
