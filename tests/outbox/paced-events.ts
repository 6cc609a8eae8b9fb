import { topic } from '@meridian/language/topic.ts';
import { EchoRequestSchema } from '@meridian/kit/testing/gen/meridian/kittest/v1/echo_pb.js';

/** The topic of the benchmark, with as many partitions and copies as every topic of ours. */
export const pacedEvents = topic({
  name: 'pace.events.v1',
  key: 'sale_id',
  events: [EchoRequestSchema],
});

/** Of the floor: the same without what the kit does. */
export const FLOOR_TOPIC = 'floor.events.v1';

/** About that of an order with three lines. */
const TEXT_BYTES = 600;

/** What an event carries: its number, and as much beside it as events have. */
export function textOf(number: number): string {
  return `${number} `.padEnd(TEXT_BYTES, '.');
}

export function numberOf(text: string): number {
  return Number.parseInt(text, 10);
}

/** Milliseconds of a clock that all processes of a machine share (CLOCK_MONOTONIC). */
export function sharedClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
