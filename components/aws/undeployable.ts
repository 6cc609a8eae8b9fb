import { X509Certificate } from 'node:crypto';
import type { AwsSettings } from './aws-settings.ts';

/** Values that stand for nobody's, by which a rehearsal goes without any of yours. */
export interface ExampleValues {
  readonly account: string;
  readonly zoneId: string;
  readonly host: string;
}

/** What a deployment is started from. */
export interface DeployedFrom {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Days that an authority has left when a deployment begins to refuse it: as long as a change of it may take. */
const AUTHORITY_DAYS = 14;

const DAY_MS = 86_400_000;

/** What would make a deployment to AWS fail half-way, or reach somebody else's account. */
export function awsProblems(
  { file, aws, edge }: AwsSettings,
  examples: ExampleValues,
  { environment, now }: DeployedFrom,
): readonly string[] {
  const { cloudflare, api } = aws;
  const example = (setting: string, given: string, of: string): readonly string[] =>
    given === of
      ? [
          `Setting '${setting}': must be yours in a deployment, got '${given}', which is the one of examples; set it in ${file}`,
        ]
      : [];
  // GitHub says so of its own machines. Source: GitHub Actions, "Default environment variables", RUNNER_ENVIRONMENT
  const outside = environment['RUNNER_ENVIRONMENT'] === 'github-hosted';
  return [
    ...example('aws:allowedAccountIds', aws.account, examples.account),
    ...example('meridian:cloudflareZoneId', cloudflare.zoneId, examples.zoneId),
    ...example('meridian:cloudflareAccountId', cloudflare.accountId, examples.zoneId),
    ...example('meridian:host', edge.host, examples.host),
    ...(aws.nodeRelease === undefined && aws.existingCluster === undefined
      ? [
          `Setting 'meridian:nodeRelease': must say which release of EKS' image nodes run, got none, so that nobody would have reviewed what they run; look up the newest of '${aws.kubernetesVersion}' (docs/deploying.md) and set it in ${file}`,
        ]
      : []),
    ...(outside && api.publicFrom.length === 0
      ? [
          `Setting 'meridian:apiAccess': must name networks that the runner is in, got none, so that the cluster's API answers inside of its network alone, and this is a runner of GitHub's; deploy from one inside (docs/deploying.md), or set it in ${file}`,
        ]
      : []),
    ...(cloudflare.originPullAuthorities.length === 0
      ? [
          `Setting 'meridian:originPullAuthorities': must have the authority whose client Cloudflare is, got none, so that anybody at Cloudflare could come in; make one (docs/runbooks/origin-pulls.md) and set it in ${file}`,
        ]
      : []),
    ...cloudflare.originPullAuthorities.flatMap((pem) => {
      const { validTo, subject } = new X509Certificate(pem);
      return Date.parse(validTo) - now > AUTHORITY_DAYS * DAY_MS
        ? []
        : [
            `Setting 'meridian:originPullAuthorities': must be valid for ${AUTHORITY_DAYS} days at least, got '${subject}', which ends ${validTo}; have another one take over first (docs/runbooks/origin-pulls.md)`,
          ];
    }),
  ];
}
