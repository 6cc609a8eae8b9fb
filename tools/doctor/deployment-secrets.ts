/** Names in Secrets Manager of what a deployment reads: it is made by people, and `.github/workflows/deploy.yml` fetches it. */
export interface DeploymentSecrets {
  /** Token of Cloudflare's API. */
  readonly cloudflare: string;
  /** Keys of PagerDuty as JSON, by the owner of services that is paged. */
  readonly pager: string;
}

/** Of an environment. */
export function deploymentSecrets(environment: string): DeploymentSecrets {
  return {
    cloudflare: `meridian-${environment}/cloudflare-api-token`,
    pager: `meridian-${environment}/pager-keys`,
  };
}
