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
  /** SHA-256 of the root certificate; keys never enter Pulumi's state. */
  readonly rootFingerprint: Output<string>;
  /** Where the root certificate can be read, for clients of the edge. */
  readonly rootCertificatePath: Output<string>;
}

/** Makes the root of trust real. */
export type CertificatesLanding = (
  parent: ComponentResource,
  name: string,
  args: CertificatesArgs,
) => CertificatesOutputs;

/** The root of trust: Pulumi owns it and its policy, zones issue short-lived leaves below it. */
export class Certificates extends ComponentResource implements CertificatesOutputs {
  readonly rootFingerprint: Output<string>;
  readonly rootCertificatePath: Output<string>;

  constructor(name: string, args: CertificatesArgs, options?: ComponentResourceOptions) {
    super('meridian:certificates:Certificates', name, {}, options);
    const { rootFingerprint, rootCertificatePath } = args.landing(this, name, args);
    this.rootFingerprint = rootFingerprint;
    this.rootCertificatePath = rootCertificatePath;
    this.registerOutputs({ rootFingerprint, rootCertificatePath });
  }
}
