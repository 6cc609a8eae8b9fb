import { ADMIN_NAME } from '@meridian/components/kafka/broker-configuration.ts';
import type { Issued, TestAuthority } from '@meridian/kit/testing/authority.ts';
import '@meridian/kit/kafka/request-queue.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import kafkajs from 'kafkajs';
import type { Kafka } from 'kafkajs';

/** A broker of two busy cores. */
const KNOWN_WITHIN_MS = 90_000;

/** Where a broker listens for clients. */
export interface BrokerAddress {
  readonly address: string;
  readonly port: number;
}

/** Clients of a Kafka under test, with whatever certificate a test needs. */
export class KafkaClients {
  readonly brokers: readonly BrokerAddress[];
  /** host:port of each broker. */
  readonly bootstrapServers: readonly string[];
  /** Issues whatever certificate a test needs. */
  readonly authority: TestAuthority;

  constructor(brokers: readonly BrokerAddress[], authority: TestAuthority) {
    this.brokers = brokers;
    this.bootstrapServers = brokers.map(({ address, port }) => `${address}:${port}`);
    this.authority = authority;
  }

  /** A certificate for the principal `User:<commonName>`, as a service's `kafka-tls` folder holds. */
  issueClient(commonName: string): Promise<Issued> {
    return this.authority.issue({ commonName });
  }

  /** A certificate that may do everything. */
  issueAdmin(): Promise<Issued> {
    return this.authority.issue({ commonName: ADMIN_NAME });
  }

  /**
   * A kafkajs client with that certificate; quiet, and patient with a cluster that elects.
   *
   * @param servers host:port of those that it asks first, @default every broker
   */
  client({ cert, key, ca }: Issued, servers = this.bootstrapServers): Kafka {
    return new kafkajs.Kafka({
      clientId: 'test',
      brokers: [...servers],
      ssl: { cert, key, ca: [ca] },
      logLevel: kafkajs.logLevel.NOTHING,
      connectionTimeout: 10_000,
      requestTimeout: 10_000,
      retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 20 },
    });
  }

  /**
   * Resolves once every broker lets that principal use a topic: a controller has a right at once, each broker
   * hears of it by itself.
   */
  async untilMayUse(commonName: string, topic: string): Promise<void> {
    const issued = await this.issueClient(commonName);
    for (const server of this.bootstrapServers) {
      await eventually(async () => {
        const admin = this.client(issued, [server]).admin();
        await admin.connect();
        try {
          await admin.fetchTopicMetadata({ topics: [topic] });
        } finally {
          await admin.disconnect();
        }
      }, KNOWN_WITHIN_MS);
    }
  }
}
