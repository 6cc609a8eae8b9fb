import type { Operator } from '../cluster/operator.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { ArchiveSettings } from '../observability/rules/backup-alerts.ts';
import type { ExpiryWatch } from '../observability/rules/certificate-alerts.ts';
import type { CloudWatchSettings } from '../observability/rules/cloud-alerts.ts';
import type { InstanceSettings } from '../observability/rules/instance-alerts.ts';
import { bindingSecretName } from './binding-secret.ts';
import type { Labels } from './labels.ts';
import type { KubernetesContext, KubernetesLowering } from './lowering.ts';
import type { PolicyRule } from './network-policy.ts';
import type { ObjectRule } from './objects/object-problem.ts';
import type { OtherImage } from './other-images.ts';
import type { OwnersSecret } from './owners-secret.ts';
import type { ServicesPlace } from './services-place.ts';

/** What an engine means to pods that use it; its folder says it, and nobody else. */
export interface EngineForPods {
  /** What the cluster must run for it. @default nothing */
  readonly operators?: (context: KubernetesContext) => readonly Operator[];
  /** What it runs, where the platform chooses that. */
  readonly images: readonly OtherImage[];
  /** How the collectors ask it for its metrics. @default they do not */
  readonly scrape?: (context: KubernetesContext) => EngineScrape;
  /** Containers whose lines are of an engine, by their names where these are others. @default none */
  readonly containers?: Readonly<Record<string, string>>;
  /** What its operator would refuse only when it runs, or take for something else. @default nothing */
  readonly objectRule?: ObjectRule;
  /** Which of its data nothing could bring back as the stack is set, and what to set. @default none */
  readonly dataAtRisk?: (context: KubernetesContext) => readonly string[];
  /** What whoever runs the stack keeps for it from all others. @default nothing */
  readonly ownersSecrets?: (context: KubernetesContext) => readonly OwnersSecret[];
  /** Where copies of its data go, for alerts on them. @default nowhere */
  readonly archive?: (context: KubernetesContext) => ArchiveSettings | undefined;
  /** How many instances follow another one and what their volumes have, for alerts on them. @default none */
  readonly instances?: (context: KubernetesContext) => InstanceSettings | undefined;
  /** What tells of engines that a cloud manages, and what alerts know of them. @default nothing */
  readonly watchedCloud?: (context: KubernetesContext) => WatchedCloud;
  /** What the pods of a service or task get that uses it; nothing for one that does not. */
  readonly use: (
    context: KubernetesContext,
    workload: string,
  ) => EngineUse | readonly EngineUse[] | undefined;
}

/** An engine of a cluster: how it is made real, and what it means to pods that use it. */
export interface KubernetesEngine<Lowered, Landing>
  extends EngineForPods, NounLanding<KubernetesLowering, Lowered, ServicesPlace, Landing> {}

/** Pods of an engine that serve metrics to the collectors, in the namespace of the engines. */
export interface EngineScrape {
  /** By which rules know it. */
  readonly job: string;
  readonly pods: Labels;
  /** Name of the container's port. */
  readonly port: string;
}

/** What a cloud says of its own engines, by an exporter that runs in the cluster. */
export interface WatchedCloud {
  readonly scrape: {
    /** By which it is scraped. */
    readonly job: string;
    readonly namespace: string;
    readonly pods: Labels;
    readonly port: { readonly name: string; readonly number: number };
    /** Names of the metrics that are kept. */
    readonly kept: readonly string[];
  };
  readonly alerts: CloudWatchSettings;
  /** Certificates of which the settings say when they end, and nothing that runs does. */
  readonly expiries: readonly ExpiryWatch[];
}

/** What the role of pods may do, in the words of the cloud. */
export interface CloudRight {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What pods get of an engine. */
export interface EngineUse {
  /** Name of the engine, by which rules are sorted. */
  readonly engine: string;
  /** Secret of each binding, by the folder that it is mounted at below `bindings`. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Identity folder of the client certificate, whose Secret is `<workload>-<folder>`. @default none */
  readonly identityFolder?: string;
  /** Other Secrets, by the folder that they are mounted at below the working folder. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What of a cloud's the pods may use by their own role, where that says who comes. @default nothing */
  readonly cloudRights?: readonly CloudRight[];
  /** Where it accepts; undefined where nobody has said yet. */
  readonly egress: PolicyRule | undefined;
}

/** Secrets of bindings that lie in a folder of their own name. */
export function bindingSecrets(bindings: readonly string[]): EngineUse['bindings'] {
  return Object.fromEntries(bindings.map((binding) => [binding, bindingSecretName(binding)]));
}
