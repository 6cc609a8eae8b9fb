import { X509Certificate } from 'node:crypto';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { promql } from '../rules/promql.ts';
import type { ExpiryWatch } from '../rules/certificate-alerts.ts';

/** A day of two people: with half of it left somebody is woken, and a deployment is refused (components/aws/undeployable.ts). */
const RENEWED_BEFORE_SECONDS = 30 * 86_400;

/**
 * When authorities end whose client Cloudflare is. Nothing that runs says so, and the settings do: each is a number in the rules. Of
 * the certificate that Cloudflare shows nobody here knows the end (docs/runbooks/origin-pulls.md).
 */
export function originPullExpiries({
  aws: { cloudflare },
}: Pick<AwsSettings, 'aws'>): readonly ExpiryWatch[] {
  return cloudflare.originPullAuthorities.map((pem, place) => ({
    name: `origin-pulls-${place + 1}`,
    endsAt: promql`vector(${new X509Certificate(pem).validToDate.getTime() / 1_000})`,
    renewedBeforeSeconds: RENEWED_BEFORE_SECONDS,
  }));
}
