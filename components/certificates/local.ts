import { RootAuthority } from '@meridian/provider-local/resources/root-authority.ts';
import type { LoweringContext } from '../local/lowering.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { CertificatesLanding } from './certificates.ts';

/** The root of trust of a local stack. */
export interface LocalCertificates {
  readonly trustDomain: string;
  readonly lifetimeDays: number;
}

/** The policy of the root; its key is made by the provider and stays in the state folder. */
export function lowerCertificates({ graph, settings }: LoweringContext): LocalCertificates {
  return { trustDomain: graph.trustDomain, lifetimeDays: settings.rootLifetimeDays };
}

/** Makes the root with the local provider. */
export function landCertificates(lowered: LocalCertificates): CertificatesLanding {
  return (parent, name) => {
    const root = new RootAuthority(`${name}-root`, { ...lowered }, { parent });
    return { root: root.fingerprint, rootCertificate: root.certificatePath };
  };
}

/** Certificates on this machine. */
export const localCertificates: NounLanding<
  LoweringContext,
  LocalCertificates,
  undefined,
  CertificatesLanding
> = { lower: lowerCertificates, land: landCertificates };
