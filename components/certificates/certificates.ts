import { ComponentResource } from '@pulumi/pulumi';
import type { ComponentResourceOptions, Output } from '@pulumi/pulumi';
import type { Cluster } from '../cluster/cluster.ts';

/** What the platform's certificates are like. */
export interface CertificatesArgs {
  readonly landing: CertificatesLanding;
  /** What issues and renews them. */
  readonly cluster: Cluster;
}

/** The same everywhere. */
export interface CertificatesOutputs {
  /**
   * What names the root to whatever is issued below it: the SHA-256 of its certificate where Pulumi
   * makes it, a ClusterIssuer where a cluster does. Keys never enter Pulumi's state.
   */
  readonly root: Output<string>;
  /**
   * Where clients of the edge find the certificate to trust: a path, in which `${state}` may stand for
   * the stack's state folder, or in a cluster `secret/<namespace>/<name>/<key>`, or
   * `clusterissuer/<name>` where an issuer of others' has roots of its own.
   */
  readonly rootCertificate: Output<string>;
}

/** Makes the root of trust real. */
export type CertificatesLanding = (
  parent: ComponentResource,
  name: string,
  args: CertificatesArgs,
) => CertificatesOutputs;

/** The root of trust: Pulumi owns its policy, and what is issued below it is short-lived. */
export class Certificates extends ComponentResource implements CertificatesOutputs {
  readonly root: Output<string>;
  readonly rootCertificate: Output<string>;

  constructor(name: string, args: CertificatesArgs, options?: ComponentResourceOptions) {
    super('meridian:certificates:Certificates', name, {}, options);
    const { root, rootCertificate } = args.landing(this, name, args);
    this.root = root;
    this.rootCertificate = rootCertificate;
    this.registerOutputs({ root, rootCertificate });
  }
}
