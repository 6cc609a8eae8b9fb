import type { KafkaNodes } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import type { SettingReader } from './setting-reader.ts';

/** Of what a cluster of this size has use for. */
const BROKERS_RANGE = [1, 99] as const;

/** One cannot be lost, and more than seven only slow each other down. */
const CONTROLLERS_RANGE = [3, 7] as const;

export const DEFAULT_CONTROLLERS = 3;

/** How many nodes Kafka has over so many zones; by default a broker in each. */
export function readKafkaNodes(reader: SettingReader, zones: number): KafkaNodes {
  const brokers = reader.integer('kafkaBrokers', BROKERS_RANGE, zones);
  if (brokers % zones !== 0) {
    reader.problem(
      'kafkaBrokers',
      `must be a multiple of the ${zones} zones, or a zone has more brokers than another`,
      String(brokers),
    );
  }
  const controllers = reader.integer('kafkaControllers', CONTROLLERS_RANGE, DEFAULT_CONTROLLERS);
  if (controllers % 2 === 0) {
    reader.problem(
      'kafkaControllers',
      'must be odd, since an even number outlives no more losses than one less',
      String(controllers),
    );
  } else if (controllers > brokers) {
    reader.problem(
      'kafkaControllers',
      `must be at most the ${brokers} brokers, which are the controllers`,
      String(controllers),
    );
  }
  return { brokers, controllers };
}
