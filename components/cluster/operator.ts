import type { ForeignChart } from '../kubernetes/manifest.ts';
import type { PodSecurityLevel } from './pod-security.ts';
import type { KubernetesRange } from './supported-kubernetes.ts';

/** An operator: a pinned chart, and the namespace that it is alone in unless another shares it. */
export interface Operator {
  readonly chart: ForeignChart;
  readonly podSecurity: PodSecurityLevel;
  readonly release: OperatorRelease;
  /** Of which objects are made. @default none */
  readonly kinds?: readonly OperatorKinds[];
  /** Issuers of its chart by which it certifies itself, as approvals name them. @default none */
  readonly signers?: readonly string[];
}

/** Kinds of a group that an operator defines. */
export interface OperatorKinds {
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  /** What their definitions say that they are of. @default the operator's release */
  readonly release?: string;
}

/** What a chart installs, and where its authors say that it works. */
export interface OperatorRelease {
  /** The program's version; a chart may be numbered in another way. */
  readonly version: string;
  /** What its authors support; absent where they publish nothing of it. */
  readonly kubernetes?: KubernetesRange;
  /** The page or file that says so, or would. */
  readonly source: string;
}

/** One that works and one in another zone that takes over. */
export const OPERATOR_REPLICAS = 2;

/** What an operator asks for and may use; each is a small program that watches. */
export const OPERATOR_RESOURCES = {
  requests: { cpu: '50m', memory: '128Mi' },
  limits: { memory: '512Mi' },
} as const;
