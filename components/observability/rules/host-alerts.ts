import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { threshold } from './alert.ts';
import type { Alert } from './alert.ts';
import { minutes, promql, series } from './promql.ts';
import type { Query } from './promql.ts';

const { hostFilesystemUtilization, hostMemoryUtilization, processOpenFds, processMaxFds } =
  METRIC_REGISTRY;

/** The machine, as alerts name it. */
const HOST = 'host';

const DISK_SHARE = 0.9;
const MEMORY_SHARE = 0.95;
const FILES_SHARE = 0.8;

/** That the machine has little left of something; none can fire where its metrics are not collected. */
export function hostAlerts(graph: PlatformGraph): readonly Alert[] {
  const { owner } = edgeService(graph);
  const ofHost = (alert: string, value: Query, limit: number) => [
    {
      ...{ service: HOST, owner },
      ...threshold({ alert, service: HOST, value, comparison: '>', limit, span: minutes(5) }),
    },
  ];
  // What is free and what the system gives back at once is not used.
  const memory = promql`sum(${series(hostMemoryUtilization, { state: 'used' })})`;
  return [
    {
      name: 'DiskNearlyFull',
      feels: 'Soon nothing can be stored: a disk is nearly full',
      severity: 'ticket',
      ...{ runbook: 'host-pressure', unit: 'percent' },
      limit: '90 % of a file system, for 5 minutes',
      of: ofHost('DiskNearlyFull', promql`max(${series(hostFilesystemUtilization)})`, DISK_SHARE),
    },
    {
      name: 'MemoryNearlyUsed',
      feels: 'Soon something is ended for want of memory',
      severity: 'ticket',
      ...{ runbook: 'host-pressure', unit: 'percent' },
      limit: '95 % of the memory, for 5 minutes',
      of: ofHost('MemoryNearlyUsed', memory, MEMORY_SHARE),
    },
  ];
}

/** That a process has little left of the files that it may open. */
export function processAlert(graph: PlatformGraph): Alert {
  const name = 'FilesNearlyUsed';
  return {
    name,
    feels:
      'Soon SERVICE accepts nobody: it has nearly as many files and connections open as it may',
    severity: 'ticket',
    ...{ runbook: 'host-pressure', unit: 'percent' },
    limit: '80 % of the files that a process may open, for 5 minutes',
    of: graph.services.map((service) => {
      const job = { job: service.name };
      const value = promql`max(${series(processOpenFds, job)} / ${series(processMaxFds, job)})`;
      const given = { alert: name, service: service.name, value };
      return {
        ...{ service: service.name, owner: service.owner },
        ...threshold({ ...given, comparison: '>', limit: FILES_SHARE, span: minutes(5) }),
      };
    }),
  };
}
