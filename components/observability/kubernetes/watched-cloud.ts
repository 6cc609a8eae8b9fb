import type { WatchedCloud } from '../../kubernetes/engine.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';

/** What tells of the engines that a cloud manages; undefined where none does. */
export function watchedCloudOf(context: KubernetesLowering): WatchedCloud | undefined {
  const [cloud] = context.engines.flatMap(({ watchedCloud }) => watchedCloud?.(context) ?? []);
  return cloud;
}
