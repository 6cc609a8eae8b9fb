import { z } from 'zod';

/** Which cluster of this machine; zones and processes lead to an administrator's certificate. */
export const clusterSchema = z.strictObject({
  id: z.string().min(1, 'must be the id that its storage was formatted with'),
  brokers: z
    .array(
      z.strictObject({
        zone: z.string().min(1),
        process: z.string().min(1),
        address: z.ipv4('must be an IPv4 address'),
        port: z.int().min(1024, 'must be 1024 to 65535').max(65535, 'must be 1024 to 65535'),
      }),
    )
    .min(1, 'must name a broker'),
});
export type KafkaCluster = Readonly<z.infer<typeof clusterSchema>>;

/** Topics and prefixes of groups, as Kafka allows them. */
export const kafkaNameSchema = z
  .string()
  .regex(
    /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/,
    'must be 1 to 249 letters, digits, dots, hyphens or underscores',
  );

/** The cluster's name in messages. */
export function nameOf({ brokers }: KafkaCluster): string {
  return `Kafka (${brokers.map(({ address, port }) => `${address}:${port}`).join(', ')})`;
}

/** Whether both are the same cluster; brokers may have moved. */
export function isSameCluster(one: unknown, other: unknown): boolean {
  return idOf(one) === idOf(other);
}

function idOf(cluster: unknown): unknown {
  return typeof cluster === 'object' && cluster !== null ? Reflect.get(cluster, 'id') : undefined;
}
