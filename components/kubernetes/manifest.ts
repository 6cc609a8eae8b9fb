import type * as k8s from './k8s.ts';

/**
 * An object of a cluster as `kubectl apply` takes it, of one of the kinds that there are types of; another kind, or a
 * property that its kind lacks, does not compile.
 */
export type Manifest = k8s.AnyKind;

/** Any object of a cluster, for those who read what others wrote. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: k8s.NamedMeta;
  readonly [field: string]: unknown;
}

/** A chart that others publish, installed under a name of ours. */
export interface ForeignChart {
  /** Name of the release. */
  readonly name: string;
  readonly namespace: string;
  /** Name in the repository, or an address that begins with `oci://`. */
  readonly chart: string;
  /** Address of the repository; absent for an OCI address. */
  readonly repository?: string;
  /** Exact version, or 'unresolved'. */
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** What is installed: the archive that was looked up and is kept; absent where nobody has. */
  readonly archive?: ChartArchive;
}

/** The archive of a chart, kept with the program. */
export interface ChartArchive {
  /** From the program's root. */
  readonly file: string;
  /** `sha256:` and 64 hexadecimal digits, of the archive's bytes. */
  readonly digest: string;
}

/** What is created side by side. */
export interface Step {
  readonly charts?: readonly ForeignChart[];
  readonly manifests?: readonly Manifest[];
  /** Set where data go with these: Pulumi then refuses to delete them. @default not protected */
  readonly protect?: true;
  /** What is only given when these are made, as somebody else changes it from then on: paths such as 'spec.selector'. @default nothing */
  readonly ignoreChanges?: readonly string[];
  /**
   * Paths of properties that are read once, when the object is made: another value takes another object, and the
   * old one with what it holds goes before. @default none
   */
  readonly replaceOnChanges?: readonly string[];
}

/** What a noun is in a cluster: each step begins when the one before is ready. */
export interface KubernetesPart {
  readonly steps: readonly Step[];
}

/** A version or digest that nobody has looked up yet; a deployment refuses it. */
export const UNRESOLVED = 'unresolved';

/** What the operator of an object says of it when it is done. */
type DoneWhen = `condition=${string}` | `jsonpath={${string}}=${string}`;

/**
 * Annotations by which Pulumi waits until the operator of an object says that it is done, and for how long at most:
 * without a time of its own an object has ten minutes, whatever it is.
 * Source: pulumi-kubernetes 4.32.0, provider/pkg/metadata/annotations.go, and provider/pkg/await/await.go, Creation
 */
export function awaited(timeoutSeconds: number, doneWhen: DoneWhen = 'condition=Ready') {
  return {
    'pulumi.com/waitFor': doneWhen,
    'pulumi.com/timeoutSeconds': String(timeoutSeconds),
  } as const;
}
