import type { RawSettings } from '../../stacks/setting-schemas.ts';
import type { Plant } from './plant.ts';

/** Settings of staging that are refused by themselves. */
export const SETTING_PLANTS: readonly Plant<RawSettings>[] = [
  {
    name: 'a setting that is misspelt',
    mistake: { registy: 'registry.test/shop' },
    message: "Setting 'meridian:registy': must be one of 'topologyZones', 'registry'",
  },
  {
    name: 'a host in capitals',
    mistake: { host: 'Shop.example' },
    message:
      "Setting 'meridian:host': must be a host name in lower case with a domain, such as 'shop.example', got 'Shop.example'; set it in Pulumi.staging.yaml",
  },
  {
    name: 'a zone that no label of a node can name',
    mistake: { topologyZones: '{"a": "zone/a"}' },
    message:
      "Setting 'meridian:topologyZones.a': must be 1 to 63 letters, digits, hyphens, dots and underscores, with a letter or digit at both ends, as labels of nodes have, got 'zone/a'; set it in Pulumi.staging.yaml",
  },
  {
    name: 'one zone of the cluster for two of the platform',
    mistake: { topologyZones: '{"b": "zone-a"}' },
    message:
      "Setting 'meridian:topologyZones': must name another zone of the cluster for each, got 'zone-a, zone-a, zone-c'",
  },
  {
    name: 'an issuer whose name no object can have',
    mistake: { edgeIssuer: 'Public CA' },
    message: "Setting 'meridian:edgeIssuer': must be the name of a ClusterIssuer of the cluster",
  },
  {
    name: 'more of the traffic for a trial than for the rest',
    mistake: { edgeCanaryPercent: '51' },
    message:
      "Setting 'meridian:edgeCanaryPercent': must be a whole number from 0 to 50, got '51'; set it in Pulumi.staging.yaml",
  },
  {
    name: 'brokers that are not spread evenly over the zones',
    mistake: { kafkaBrokers: '4' },
    message:
      "Setting 'meridian:kafkaBrokers': must be a multiple of the 3 zones, or a zone has more brokers",
  },
  {
    name: 'a restore that would write into the archive which it reads',
    mistake: {
      postgresBackup:
        '{"uri": "https://s3.example", "region": "eu-1", "bucket": "copies", "networks": ["192.0.2.0/24"], "archive": "meridian"}',
      postgresRestoreFrom: '{"archive": "meridian"}',
    },
    message: `Setting 'meridian:postgresBackup': must name another "archive" than 'meridian', which postgresRestoreFrom reads`,
  },
];

/** Settings that contradict what the program declares. */
export const CONTRADICTION_PLANTS: readonly Plant<RawSettings>[] = [
  ...['root', 'services', 'edge'].map((own) => ({
    name: `the edge's certificate from the platform's own authority '${own}'`,
    mistake: { edgeIssuer: `meridian-${own}` },
    message: `Setting 'meridian:edgeIssuer': must be a ClusterIssuer of the cluster's owner and none of the platform's own ('meridian-self-signed', 'meridian-root', 'meridian-services', 'meridian-assigned', 'meridian-engines', 'meridian-telemetry', 'meridian-edge'), got 'meridian-${own}'; set another one in Pulumi.staging.yaml`,
  })),
  {
    name: 'a digest for an image that nothing runs',
    mistake: { images: `{"catalogue": "sha256:${'0'.repeat(64)}"}` },
    message: "Setting 'meridian:images.catalogue': must be for one of 'audit', 'catalog'",
  },
  {
    name: 'a place for a system outside that no service uses',
    mistake: { externals: '{"payment-providor": {"standIn": true}}' },
    message:
      "Setting 'meridian:externals.payment-providor': must be of a system outside the platform that a service uses",
  },
];
