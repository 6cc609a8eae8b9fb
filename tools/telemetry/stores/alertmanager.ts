import { z } from 'zod';
import type { StoreConnection } from './store-connection.ts';

const alertSchema = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  startsAt: z.string(),
  endsAt: z.string(),
  fingerprint: z.string(),
  generatorURL: z.string().optional(),
  status: z.object({ state: z.enum(['unprocessed', 'active', 'suppressed']) }),
  receivers: z.array(z.object({ name: z.string() })),
});

/** An alert that fires; times are RFC 3339. */
export type FiringAlert = z.infer<typeof alertSchema>;

/** Who is told of what. Source: Alertmanager 0.28, api/v2/openapi.yaml. */
export class Alertmanager {
  readonly #connection: StoreConnection;

  constructor(connection: StoreConnection) {
    this.#connection = connection;
  }

  async alerts(): Promise<readonly FiringAlert[]> {
    return (await this.#connection.json('/api/v2/alerts', {}, z.array(alertSchema))) ?? [];
  }
}
