import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { BUCKET_KEYS } from '../../kubernetes/owners-secret.ts';
import type { OwnersSecret } from '../../kubernetes/owners-secret.ts';
import { ownersOf } from '../paging/alertmanager-configuration.ts';
import { HEARTBEAT_KEY, PAGER_SECRET } from './alertmanager-chart.ts';
import { ADMIN_KEYS, ADMIN_SECRET } from './grafana-chart.ts';
import { objectStore } from './object-store.ts';

/** What whoever runs the stack keeps for telemetry from all others. */
export function telemetrySecrets(context: KubernetesContext): readonly OwnersSecret[] {
  const { graph, settings } = context;
  const { namespaces, telemetry } = settings;
  const namespace = namespaces.observability;
  const heartbeat = telemetry.heartbeat.given ? [HEARTBEAT_KEY] : [];
  const { secret } = objectStore(context);
  return [
    ...(secret === undefined ? [] : [{ namespace, name: secret, keys: BUCKET_KEYS }]),
    { namespace, name: PAGER_SECRET, keys: [...ownersOf(graph), ...heartbeat] },
    { namespace, name: ADMIN_SECRET, keys: ADMIN_KEYS },
  ];
}
