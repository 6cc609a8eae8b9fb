import { topic } from '@meridian/components/model/topic.ts';

/** What happened to products, prices and stock; search and audit follow it. */
export const catalogEvents = topic({ name: 'catalog.events.v1', key: 'product_id' });
