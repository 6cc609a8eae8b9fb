import { ENGINE_METRICS_PROCESS } from '@meridian/components/observability/engines/monitor.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { PlatformView } from './platform-view.ts';
import {
  alertmanagerInSmallTime,
  collectorInSmallTime,
  engineMetricsInSmallTime,
  prometheusInSmallTime,
} from './small-time.ts';
import type { ProcessStep } from './steps/step.ts';

/** What makes telemetry of the running platform live in small time. @param rules those of small time */
export function smallTimeSteps(
  platform: PlatformView,
  rules: string,
): Promise<readonly ProcessStep[]> {
  const changes: Readonly<Record<string, (spec: ProcessSpec) => ProcessSpec>> = {
    prometheus: (spec) => prometheusInSmallTime(spec, rules),
    collector: collectorInSmallTime,
    [ENGINE_METRICS_PROCESS]: engineMetricsInSmallTime,
    alertmanager: alertmanagerInSmallTime,
  };
  return Promise.all(
    Object.entries(changes).map(async ([name, change]): Promise<ProcessStep> => {
      const placed = platform.process(name);
      const original = await platform.spec(placed);
      return { kind: 'process', zone: placed.zone, original, changed: change(original) };
    }),
  );
}
