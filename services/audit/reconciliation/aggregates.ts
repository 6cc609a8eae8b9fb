import { create, createRegistry, fromBinary } from '@bufbuild/protobuf';
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { ProductSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import {
  ProductUpdatedSchema,
  ReservationChangedSchema,
  StockChangedSchema,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/events_pb.js';
import {
  ReservationSchema,
  StockSchema,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import {
  AccountCreatedSchema,
  AccountDeletedSchema,
} from '@meridian/identity/contract/gen/meridian/identity/v1/events_pb.js';
import { AccountStateSchema } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { identityEvents } from '@meridian/identity/topics.ts';
import { OrderChangedSchema } from '@meridian/orders/contract/gen/meridian/orders/v1/events_pb.js';
import { OrderSchema } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { ordersEvents } from '@meridian/orders/topics.ts';
import { PaymentChangedSchema } from '@meridian/payments/contract/gen/meridian/payments/v1/events_pb.js';
import { PaymentSchema } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { paymentsEvents } from '@meridian/payments/topics.ts';

/** Something that a service keeps, and whose every change it tells. */
export interface AggregateKind {
  readonly service: string;
  readonly name: string;
  /** The tables of the service that it is kept in. */
  readonly tables: readonly string[];
  /** What the service says of one when it is asked for all. */
  readonly state: DescMessage;
  /** The field of it that is the id. */
  readonly id: string;
  /** What the subject of its events has after the id. */
  readonly suffix: string;
  /** The event that a baseline has the form of. */
  readonly baseline: DescMessage;
  /** Its events tell what they change; of the others each tells the whole state. */
  readonly folded: boolean;
}

/** All kinds that the platform has. */
export const AGGREGATE_KINDS: readonly AggregateKind[] = [
  {
    ...{ service: 'catalog', name: 'product', state: ProductSchema, id: 'product_id', suffix: '' },
    ...{ baseline: ProductUpdatedSchema, folded: false, tables: ['products'] },
  },
  {
    ...{ service: 'catalog', name: 'reservation', state: ReservationSchema },
    ...{ id: 'reservation_id', suffix: '/reservation', folded: false },
    ...{ baseline: ReservationChangedSchema, tables: ['reservations', 'reservation_lines'] },
  },
  {
    ...{
      service: 'catalog',
      name: 'stock',
      state: StockSchema,
      id: 'product_id',
      suffix: '/stock',
    },
    ...{ baseline: StockChangedSchema, folded: false, tables: ['stock'] },
  },
  {
    ...{ service: 'identity', name: 'account', state: AccountStateSchema, id: 'account_id' },
    ...{ baseline: AccountCreatedSchema, suffix: '', folded: true, tables: ['accounts'] },
  },
  {
    ...{ service: 'orders', name: 'order', state: OrderSchema, id: 'order_id', suffix: '' },
    ...{ baseline: OrderChangedSchema, folded: false, tables: ['orders', 'order_lines'] },
  },
  {
    ...{ service: 'payments', name: 'payment', state: PaymentSchema, id: 'order_id', suffix: '' },
    ...{ baseline: PaymentChangedSchema, folded: false, tables: ['payments', 'operations'] },
  },
];

const REGISTRY = createRegistry(
  ...[catalogEvents, identityEvents, ordersEvents, paymentsEvents].flatMap(
    ({ events }): readonly DescMessage[] => events,
  ),
);

/** What an event tells. */
export interface Told {
  readonly version: bigint;
  /** The state after the change; undefined where a folded event changes nothing of it. */
  readonly state: Message | undefined;
  readonly gone: boolean;
}

/** The kind of aggregate that a subject of a service names; the first of the service's where none fits. */
export function kindOf(service: string, subject: string): AggregateKind {
  const kinds = AGGREGATE_KINDS.filter((each) => each.service === service);
  const found = kinds.find(({ suffix }) => suffix !== '' && subject.endsWith(suffix)) ?? kinds[0];
  if (found === undefined) throw new Error(`Service '${service}' tells of no aggregates`);
  return found;
}

/** Reads an event; undefined for what does not tell a state of the kind. */
export function readTold(
  { state, folded }: AggregateKind,
  type: string,
  data: Uint8Array,
): Told | undefined {
  const schema = REGISTRY.getMessage(type);
  if (schema === undefined) return undefined;
  const message = decoded(schema, data);
  if (message === undefined) return undefined;
  if (folded) return toldOfAccount(message);
  const field = schema.fields.find((each) => each.message === state);
  if (field?.fieldKind !== 'message' || !message.isSet(field)) return undefined;
  const whole = message.get(field);
  return { version: versionOf(whole), state: whole.message, gone: false };
}

/** Whether events of a type tell a state of the kind, by what the contract says of the type. */
export function tellsState({ state, folded }: AggregateKind, type: string): boolean {
  const fields = REGISTRY.getMessage(type)?.fields ?? [];
  return fields.some((each) => (folded ? each.name === 'roles' : each.message === state));
}

function decoded(schema: DescMessage, data: Uint8Array): ReflectMessage | undefined {
  try {
    return reflect(schema, fromBinary(schema, data));
  } catch (error) {
    // Bytes that no message has: protobuf-es says so by errors of several kinds.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The `version` of a message, which every state and every event of an account has. */
export function versionOf(message: ReflectMessage): bigint {
  const version = valueOf(message, 'version');
  if (typeof version !== 'bigint') throw new Error(`${message.desc.typeName} has no version`);
  return version;
}

/** The value of a scalar field, by its name in the contract; undefined if there is no such field. */
export function valueOf(message: ReflectMessage, name: string): unknown {
  const field = message.desc.fields.find((each) => each.name === name);
  return field === undefined ? undefined : message.get(field);
}

/** Events of accounts tell roles, or nothing that an account is asked for. */
function toldOfAccount(event: ReflectMessage): Told {
  const { desc, message } = event;
  const version = versionOf(event);
  const roles = 'roles' in message ? (message.roles as readonly string[]).toSorted() : undefined;
  const accountId = String(valueOf(event, 'account_id'));
  return {
    version,
    state: roles && create(AccountStateSchema, { accountId, version, roles }),
    gone: desc.typeName === AccountDeletedSchema.typeName,
  };
}
