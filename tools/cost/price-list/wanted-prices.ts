import { sizesOf } from '../../../stacks/prod-sizes.ts';

const SIZES = ['small', 'standard'] as const;
const ARCHITECTURES = ['arm64', 'amd64'] as const;

/** What production is charged for whatever its size is. */
const ALWAYS = [
  ...[
    'ebs.gp3.gb-month',
    'eks.cluster-hour.standard',
    'kms.key-month',
    'msk.standard.storage.gb-month',
  ],
  ...['nat-gateway.hour', 'nlb.hour', 'public-ipv4.hour', 'secrets-manager.secret-month'],
  ...['vpc-endpoint.interface.hour', 'rds.io1.multi-az-cluster.gb-month'],
  'rds.io1.iops-month.multi-az-cluster',
];

/** The prices that production needs in either size, on either kind of machine, without the region. */
export function wantedPrices(): readonly string[] {
  const sized = SIZES.flatMap((size) =>
    ARCHITECTURES.flatMap((architecture) => {
      const { nodes, kafka, postgres, redis } = sizesOf(size, architecture);
      return [
        `ec2.${nodes.instanceType}`,
        `msk.standard.${kafka.instanceType.replace(/^kafka\./, '')}.hour`,
        `rds.postgres.${postgres.instanceClass.replace(/^db\./, '')}.multi-az-cluster.hour`,
        `elasticache.valkey.${redis.nodeType.replace(/^cache\./, '')}.hour`,
      ];
    }),
  );
  return [...new Set([...ALWAYS, ...sized])].toSorted();
}
