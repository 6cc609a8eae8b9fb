import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { SERVICE_FILE } from '@meridian/language/process-folder.ts';
import { KIT_ENVIRONMENT } from '../kit-process.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';
import type { Labels } from '../../kubernetes/labels.ts';

/** The working folder of a service's process; relative paths in its files start from it. */
export const WORKING_FOLDER = '/run/meridian';

/** Where the program lies in an image. */
export const PROGRAM_FOLDER = '/app';

/** No user of the image or of a node; mounted keys belong to its group. */
export const USER_ID = 65_532;

/** Of mounted keys: the owner and the group of the process may read, nobody else. */
export const SECRET_MODE = 0o440;

/** Of annotations of our own. */
const ANNOTATION_PREFIX = 'meridian/';

/** Annotation of a pod with the content of service.json. */
export const CONFIGURATION_ANNOTATION = `${ANNOTATION_PREFIX}${basename(SERVICE_FILE)}`;

/** Characters of a SHA-256 that names carry. */
const DIGEST_LENGTH = 12;

/** What the kit reads from the environment, be it a service's or a task's. */
export function kitEnvironment(): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(KIT_ENVIRONMENT).map(([name, value]) => ({
    name,
    value: value.replace('${self}', WORKING_FOLDER),
  }));
}

/** The labels of everything of a service, pods included: they do not change when only other objects of it do. */
export function serviceLabels({ labels, exposure, version }: ChartedService): Labels {
  return {
    ...labels,
    'app.kubernetes.io/component': exposure === 'edge' ? 'gateway' : 'service',
    'app.kubernetes.io/version': version,
  };
}

/**
 * Label of pods with the role of their release, 'active' or 'preview'. Argo Rollouts sets it, and
 * changes it while a pod runs, so nothing may select by it.
 */
export const ROLE_LABEL = 'meridian/release-role';

/** Name of the ConfigMap with the share of callers that go to the preview; nobody need create it. */
export function canaryName(service: string): string {
  return `${service}-canary`;
}

/** Name of the Service that leads to the release before it is promoted. */
export function previewName(service: string): string {
  return `${service}-preview`;
}

/** What the configuration of a process is made of, be it a service or a task. */
export type Configured = Pick<ChartedService, 'name' | 'configuration' | 'bindings'>;

/**
 * Annotations of a pod that are its configuration: service.json, and the properties of the bindings of callees. They are
 * part of the template, so other content is other pods, and each release keeps its own as long as it can be gone back to.
 */
export function configurationAnnotations({ configuration, bindings }: Configured): Labels {
  const properties = Object.entries(bindings).flatMap(([binding, values]) =>
    Object.entries(values).map(
      ([property, value]) => [bindingAnnotation(binding, property), value] as const,
    ),
  );
  return { [CONFIGURATION_ANNOTATION]: configuration, ...Object.fromEntries(properties) };
}

/** Annotation of a pod with a property of a binding. */
export function bindingAnnotation(binding: string, property: string): string {
  return `${ANNOTATION_PREFIX}${binding}.${property}`;
}

/** The first characters of a SHA-256. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}
