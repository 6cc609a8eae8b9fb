import { topic } from '@meridian/language/topic.ts';
import { EchoRequestSchema } from '../../testing/gen/meridian/kittest/v1/echo_pb.js';

/** The topic of tests. */
export const shopEvents = topic({
  name: 'shop.events.v1',
  key: 'sale_id',
  events: [EchoRequestSchema],
});
