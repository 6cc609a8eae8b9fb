/**
 * The list as public copies of it had it on 29 November 2026; docs/runbooks/origin-pulls.md says how it is compared.
 *
 * IPv4 networks from which Cloudflare connects to what is behind it. They let in Cloudflare and all its customers: that a request
 * is of our zone is what the client certificate says. Source: https://www.cloudflare.com/ips-v4
 */
export const CLOUDFLARE_NETWORKS: readonly string[] = [
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '108.162.192.0/18',
  '131.0.72.0/22',
  '141.101.64.0/18',
  '162.158.0.0/15',
  '172.64.0.0/13',
  '173.245.48.0/20',
  '188.114.96.0/20',
  '190.93.240.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
];
