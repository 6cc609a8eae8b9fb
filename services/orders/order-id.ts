/** The canonical text form of any UUID (RFC 9562 section 4). */
const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text has the form of an order's or a product's id; PostgreSQL compares no other with one. */
export function isOrderId(text: string): boolean {
  return UUID_PATTERN.test(text);
}
