import { globSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { beforeAll, expect, test } from '@jest/globals';
import type { Topic } from '@meridian/language/topic.ts';

/*
 * No event carries personal data (docs/decisions/0017, 0062): it is kept by others, out of its owner's reach.
 * A text could, so each text that is reachable from an event stands here with what it is. A new one is to be
 * an id, a code or an address of the platform's own, or what the merchant wrote about goods; what people write
 * about themselves or to us stays in the database of its service.
 */
const ID = 'an id that the platform made';
const CODE = 'one of a few words that a program made';
const GOODS = 'written by a merchant about goods';
const WORKLOAD = 'the SPIFFE ID of a service';
const ALLOWED: Readonly<Record<string, string>> = {
  'meridian.catalog.v1.Product.attributes': GOODS,
  'meridian.catalog.v1.Product.brand': GOODS,
  'meridian.catalog.v1.Product.category': GOODS,
  'meridian.catalog.v1.Product.description': GOODS,
  'meridian.catalog.v1.Product.etag': CODE,
  'meridian.catalog.v1.Product.name': GOODS,
  'meridian.catalog.v1.Product.product_id': ID,
  'meridian.catalog.v1.Product.sku': GOODS,
  'meridian.catalog.v1.Reservation.reservation_id': ID,
  'meridian.catalog.v1.ReservationLine.product_id': ID,
  'meridian.catalog.v1.Stock.etag': CODE,
  'meridian.catalog.v1.Stock.product_id': ID,
  'meridian.identity.v1.AccountCreated.account_id': ID,
  'meridian.identity.v1.AccountCreated.created_by': WORKLOAD,
  'meridian.identity.v1.AccountCreated.roles': CODE,
  'meridian.identity.v1.AccountDeleted.account_id': ID,
  'meridian.identity.v1.AccountDeleted.deleted_by': ID,
  'meridian.identity.v1.AccountRolesChanged.account_id': ID,
  'meridian.identity.v1.AccountRolesChanged.changed_by': WORKLOAD,
  'meridian.identity.v1.AccountRolesChanged.former_roles': CODE,
  'meridian.identity.v1.AccountRolesChanged.roles': CODE,
  'meridian.identity.v1.PasswordChanged.account_id': ID,
  'meridian.identity.v1.PasswordChanged.changed_by': WORKLOAD,
  'meridian.identity.v1.SessionCreated.account_id': ID,
  'meridian.identity.v1.SessionCreated.session_id': ID,
  'meridian.identity.v1.SessionRevoked.account_id': ID,
  'meridian.identity.v1.SessionRevoked.revoked_by': ID,
  'meridian.identity.v1.SessionRevoked.session_id': ID,
  'meridian.orders.v1.Order.account_id': ID,
  'meridian.orders.v1.Order.cancel_reason': 'empty in events, as orders leaves it out of each',
  'meridian.orders.v1.Order.decline_code': CODE,
  'meridian.orders.v1.Order.refund_decline_code': CODE,
  'meridian.orders.v1.Order.etag': CODE,
  'meridian.orders.v1.Order.order_id': ID,
  'meridian.orders.v1.OrderLine.name': GOODS,
  'meridian.orders.v1.OrderLine.product_id': ID,
  'meridian.payments.v1.Payment.order_id': ID,
  'meridian.payments.v1.Payment.payment_id': ID,
  'meridian.payments.v1.PaymentOperation.decline_code': CODE,
  'meridian.payments.v1.PaymentOperation.idempotency_key': ID,
  'meridian.type.v1.Money.currency_code': CODE,
};

/** Names of what is somebody's, wherever it stands and whatever is said of it. */
const PERSONAL = /e_?mail|phone|address|first_name|last_name|display_name|birth|password|token/;

const root = path.join(import.meta.dirname, '../..');
const texts = new Map<string, string>();

beforeAll(async () => {
  for (const file of globSync('services/*/topics.ts', { cwd: root })) {
    const module: unknown = await import(pathToFileURL(path.join(root, file)).href);
    for (const topic of Object.values(module as Readonly<Record<string, Topic>>)) {
      for (const event of topic.events) collect(event as DescMessage, new Set());
    }
  }
});

function collect(message: DescMessage, seen: Set<string>): void {
  if (seen.has(message.typeName)) return;
  seen.add(message.typeName);
  for (const field of message.fields) {
    if (holdsText(field)) texts.set(`${message.typeName}.${field.name}`, field.name);
    if (field.message !== undefined) collect(field.message, seen);
  }
}

/** Text, or bytes that may be some; the keys of a map too. */
function holdsText(field: DescField): boolean {
  const scalars = [field.scalar, field.fieldKind === 'map' ? field.mapKey : undefined];
  return scalars.includes(ScalarType.STRING) || scalars.includes(ScalarType.BYTES);
}

test('every text that an event can carry is known, and is nobody’s', () => {
  expect([...texts.keys()].sort()).toEqual(Object.keys(ALLOWED).sort());
});

test('no field of an event has the name of something personal', () => {
  expect([...texts.values()].filter((name) => PERSONAL.test(name))).toEqual([]);
});
