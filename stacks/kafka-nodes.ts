import type { z } from 'zod';
import { wholeNumber } from './setting-schemas.ts';

/** Of what a cluster of this size has use for. */
const BROKERS_RANGE = [1, 99] as const;

/** One cannot be lost, and more than seven only slow each other down. */
const CONTROLLERS_RANGE = [3, 7] as const;

export const DEFAULT_CONTROLLERS = 3;

/** How many nodes Kafka has over so many zones; by default a broker in each. */
export function kafkaNodeSettings(zones: number) {
  return {
    kafkaBrokers: wholeNumber(BROKERS_RANGE)
      .refine(
        (brokers) => brokers % zones === 0,
        `must be a multiple of the ${zones} zones, or a zone has more brokers than another`,
      )
      .default(zones),
    kafkaControllers: wholeNumber(CONTROLLERS_RANGE)
      .refine(
        (controllers) => controllers % 2 === 1,
        'must be odd, since an even number outlives no more losses than one less',
      )
      .default(DEFAULT_CONTROLLERS),
  };
}

/** Every controller is a broker too. */
export function refuseMoreControllersThanBrokers(
  { kafkaBrokers, kafkaControllers }: Readonly<Record<'kafkaBrokers' | 'kafkaControllers', number>>,
  context: z.core.$RefinementCtx,
): void {
  if (kafkaControllers <= kafkaBrokers) return;
  context.addIssue({
    code: 'custom',
    path: ['kafkaControllers'],
    message: `must be at most the ${kafkaBrokers} brokers, which are the controllers`,
    params: { given: kafkaControllers },
  });
}
