import type { Explained } from './answer-under-trouble.ts';
import {
  catalogReplica,
  killed,
  paused,
  rotated,
  sessionsEnded,
  stopped,
  zoneLost,
} from './fault.ts';
import type { Victim, Work } from './fault.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** Something that breaks while merchants write and others read. */
export interface Injection {
  readonly name: string;
  readonly happens: (platform: PlatformUnderTest, work: Work) => Promise<void>;
  /** What it explains by itself. @default nothing: every answer is a success or tells when to come again */
  readonly explains?: Explained;
  /** Whether it runs with every change, and not in the campaign alone. @default false */
  readonly always?: true;
}

const at = (zone: string, name: string): Victim => ({ zone, name });
const everywhere = (service: string): readonly Victim[] =>
  ['a', 'b', 'c'].map((zone) => at(zone, `${service}-${zone}-0`));

/** Every injection, one after the other on one platform. A new one is a line here. */
export const INJECTIONS: readonly Injection[] = [
  {
    name: 'the relay is killed',
    happens: async (platform, work) =>
      killed(platform, work, await catalogReplica(platform, 'active')),
    always: true,
  },
  {
    name: 'the relay hangs',
    happens: async (platform, work) =>
      stopped(platform, work, await catalogReplica(platform, 'active')),
  },
  {
    name: 'a replica of the service is killed',
    happens: async (platform, work) =>
      killed(platform, work, await catalogReplica(platform, 'waiting')),
  },
  {
    name: 'a replica of the service hangs',
    happens: async (platform, work) =>
      stopped(platform, work, await catalogReplica(platform, 'waiting')),
  },
  { name: 'every replica of the service is killed', ...kills(...everywhere('catalog')) },
  { name: 'the broker of zone a is killed', ...kills(at('a', 'kafka-a')) },
  { name: 'the broker of zone b is killed', ...kills(at('b', 'kafka-b')), always: true },
  { name: 'the broker of zone c is killed', ...kills(at('c', 'kafka-c')) },
  { name: 'the broker of zone a hangs', ...stops(at('a', 'kafka-a')) },
  { name: 'the broker of zone b hangs', ...stops(at('b', 'kafka-b')) },
  { name: 'the broker of zone c hangs', ...stops(at('c', 'kafka-c')) },
  { name: 'Redis is killed', ...kills(at('a', 'redis')), always: true },
  { name: 'Redis hangs', ...stops(at('a', 'redis')) },
  { name: 'a gateway is killed', ...kills(at('b', 'gateway-b-0')) },
  { name: 'a gateway hangs', ...stops(at('b', 'gateway-b-0')) },
  { name: 'every gateway is killed', ...kills(...everywhere('gateway')), always: true },
  { name: 'identity is killed in a zone', ...kills(at('a', 'identity-a-0')) },
  { name: 'identity hangs in a zone', ...stops(at('a', 'identity-a-0')) },
  { name: 'identity is killed in every zone', ...kills(...everywhere('identity')) },
  { name: 'PostgreSQL is killed', ...kills(at('a', 'postgres')), always: true },
  {
    name: 'PostgreSQL hangs',
    happens: (platform, work) => paused(platform, work, at('a', 'postgres')),
  },
  { name: 'PostgreSQL ends every session', happens: sessionsEnded },
  { name: 'a zone is lost', happens: (platform, work) => zoneLost(platform, work, 'b') },
  { name: 'every certificate is replaced', happens: rotated },
  {
    name: 'the edge is killed',
    ...kills(at('edge', 'envoy')),
    explains: { brokenConnections: true },
  },
];

/** What breaks while shoppers buy: what a saga goes through, on one platform. A new one is a line here. */
export const PURCHASE_INJECTIONS: readonly Injection[] = [
  { name: 'every replica of orders is killed', ...kills(...everywhere('orders')), always: true },
  { name: 'orders is killed in a zone', ...kills(at('b', 'orders-b-0')) },
  { name: 'orders hangs in a zone', ...stops(at('b', 'orders-b-0')) },
  { name: 'every replica of payments is killed', ...kills(...everywhere('payments')) },
  { name: 'payments hangs in a zone', ...stops(at('a', 'payments-a-0')) },
  { name: 'every replica of catalog is killed', ...kills(...everywhere('catalog')) },
  { name: 'a broker is killed', ...kills(at('c', 'kafka-c')) },
  { name: 'a broker hangs', ...stops(at('b', 'kafka-b')) },
  { name: 'PostgreSQL is killed', ...kills(at('a', 'postgres')), always: true },
  { name: 'PostgreSQL ends every session', happens: sessionsEnded },
  { name: 'the payment provider is killed', ...kills(at('a', 'payment-provider-stand-in')) },
  { name: 'Redis is killed', ...kills(at('a', 'redis')) },
  { name: 'Elasticsearch is killed', ...kills(at('a', 'elasticsearch')) },
  { name: 'every gateway is killed', ...kills(...everywhere('gateway')) },
  { name: 'a zone is lost', happens: (platform, work) => zoneLost(platform, work, 'b') },
];

function kills(...victims: readonly Victim[]): Pick<Injection, 'happens'> {
  return { happens: (platform, work) => killed(platform, work, ...victims) };
}

function stops(victim: Victim): Pick<Injection, 'happens'> {
  return { happens: (platform, work) => stopped(platform, work, victim) };
}
