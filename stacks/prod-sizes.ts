import type { Architecture, AwsSize, AwsSizes } from '@meridian/components/aws/aws-settings.ts';

/** What nodes are of each instruction set: Graviton costs less for the same work. */
const NODES: Readonly<Record<AwsSize, Readonly<Record<Architecture, string>>>> = {
  small: { arm64: 'm7g.large', amd64: 'm7i.large' },
  standard: { arm64: 'm7g.xlarge', amd64: 'm7i.xlarge' },
};

/** What a size has in each of the three zones, but for nodes. */
const SIZES: Readonly<Record<AwsSize, Omit<AwsSizes, 'nodes'>>> = {
  small: {
    kafka: { instanceType: 'kafka.m7g.large', brokers: 1, storageGib: 100 },
    // The smallest that a DB cluster over three zones comes in.
    postgres: { instanceClass: 'db.m6gd.large', storageGib: 100, iops: 1_000, backupDays: 14 },
    redis: { nodeType: 'cache.t4g.small' },
  },
  standard: {
    kafka: { instanceType: 'kafka.m7g.xlarge', brokers: 1, storageGib: 1_000 },
    postgres: { instanceClass: 'db.m6gd.xlarge', storageGib: 400, iops: 3_000, backupDays: 30 },
    redis: { nodeType: 'cache.m7g.large' },
  },
};

/** Nodes of each zone: one more than is needed, as a zone takes a third of them along. */
const NODE_COUNTS: Readonly<Record<AwsSize, { readonly least: number; readonly most: number }>> = {
  small: { least: 2, most: 4 },
  standard: { least: 3, most: 8 },
};

const NODE_DISK_GIB = 100;

/** All of a size. */
export function sizesOf(size: AwsSize, architecture: Architecture): AwsSizes {
  return {
    ...SIZES[size],
    nodes: {
      instanceType: NODES[size][architecture],
      ...NODE_COUNTS[size],
      diskGib: NODE_DISK_GIB,
    },
  };
}
