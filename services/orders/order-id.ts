import { isUuid } from '@meridian/language/uuid.ts';

/** Whether a text has the form of an order's or a product's id; PostgreSQL compares no other with one. */
export function isOrderId(text: string): boolean {
  return isUuid(text);
}
