import { join } from 'node:path';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import {
  customResourcesFolder,
  formerDefinitions,
} from '../../../tools/engines/custom-resources.ts';
import { engineVersions } from '../../../tools/engines/versions.ts';

type Engine =
  | 'argo-rollouts'
  | 'cert-manager'
  | 'cloudnative-pg'
  | 'eck'
  | 'envoy-gateway'
  | 'etcd'
  | 'helm'
  | 'keda'
  | 'keda-webhooks'
  | 'kubernetes'
  | 'kwok'
  | 'netpol-analyzer'
  | 'pulumi-kubernetes'
  | 'trust-manager';

/** The file of a program that `npm run test:cluster` has built. */
export function program(engine: Engine, name: string): string {
  const { version } = engineVersions[engine === 'keda-webhooks' ? 'keda' : engine];
  return join(cacheFolder(), engine, version, 'bin', name);
}

/** The folder of an operator's CustomResourceDefinitions. */
export function customResources(operator: string): string {
  return join(customResourcesFolder(cacheFolder()), operator);
}

/** The folder of an operator's CustomResourceDefinitions as they were pinned before. */
export function formerResources(operator: string): string {
  return formerDefinitions(cacheFolder(), operator);
}
