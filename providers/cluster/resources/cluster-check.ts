import { CustomResource } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
import { CLUSTER_CHECK } from './cluster-check-type.ts';

/** What a cluster has to be like, as plain JSON. */
export interface ClusterNeeds {
  /** The file that messages send the user to. */
  readonly file: string;
  /** Minor versions such as '1.36', both ends included. */
  readonly kubernetes: { readonly oldest: string; readonly newest: string };
  /** Each with the label of its nodes. */
  readonly zones: readonly { readonly name: string; readonly topologyZone: string }[];
  readonly dns: {
    readonly pods: readonly {
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
    }[];
    readonly ports: readonly number[];
  };
  /** Who installs the operators: the program, or whoever runs the cluster, before it. */
  readonly operators: 'program' | 'installed';
  readonly definitions: readonly NeededDefinitions[];
}

/** Kinds of an operator of which the program makes objects. */
export interface NeededDefinitions {
  /** Name of the operator, of its chart and of the release of that. */
  readonly operator: string;
  /** Of the operator, where it is installed. */
  readonly namespace: string;
  /** What definitions that say a version say. */
  readonly release: string;
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  /**
   * The setting that it is needed for, where whoever runs the cluster installs it in any case.
   * @default operators, which says who does
   */
  readonly setting?: string;
}

/** How the cluster is reached; it is used and not kept, neither in inputs nor in state. */
export interface CheckedAccess {
  /** @default the kubeconfig's current one */
  readonly context?: string;
  /** A file, or the content of one. @default what kubectl takes */
  readonly kubeconfig?: Input<string>;
  /** Whether it is well when nobody answers, as in a preview. */
  readonly mayBeAway: boolean;
}

export interface ClusterCheckArgs extends ClusterNeeds {
  readonly access: CheckedAccess;
}

/**
 * Holds a cluster against what the program needs of it, in every preview and update, before anything else is made: whatever
 * depends on it is made only in a cluster that fits. Once made for the same needs it only warns. It makes nothing itself.
 */
export class ClusterCheck extends CustomResource {
  constructor(name: string, args: ClusterCheckArgs, options?: CustomResourceOptions) {
    super(CLUSTER_CHECK, name, { ...args }, options);
  }
}
