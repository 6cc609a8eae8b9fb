import type { Labels } from '../kubernetes/labels.ts';
import type { ForeignChart } from '../kubernetes/manifest.ts';
import type { ExpiryWatch } from '../observability/rules/certificate-alerts.ts';
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
  /** Certificates that it makes and renews by itself, where whoever connects is shown them. @default none */
  readonly certificates?: readonly OwnCertificate[];
  /** How the collectors ask its pods for metrics, for those that alerts read. @default they do not */
  readonly scrape?: OperatorScrape;
  /** When certificates end, as it says itself by those metrics. @default it says nothing */
  readonly expiries?: readonly ExpiryWatch[];
}

/** A certificate that an operator has made itself, at a port where it is shown in a TLS handshake. */
export interface OwnCertificate {
  /** By which alerts know it. */
  readonly name: string;
  /** Name of the Service, and the namespace of it and its pods. */
  readonly service: string;
  readonly namespace: string;
  /** Of the Service. */
  readonly port: number;
  readonly pods: Labels;
  /** Of the pods. */
  readonly podPort: number;
  /** How long before its end its maker renews it, or somebody has to where nobody does, in seconds. */
  readonly renewedBeforeSeconds: number;
}

/** Pods of an operator that serve metrics, in its namespace. */
export interface OperatorScrape {
  readonly pods: Labels;
  /** Name and number of the container's port; in the clear. */
  readonly port: { readonly name: string; readonly number: number };
  /** Names of what is kept. */
  readonly kept: readonly string[];
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
