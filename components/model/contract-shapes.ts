import { ScalarType } from '@bufbuild/protobuf';
import type { DescEnum, DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import { methodPath } from '@meridian/language/method.ts';
import { compareText } from './order.ts';
import type { AnyService } from './service.ts';

/** What a contract says of a method, beside its node in the graph. */
export interface MethodShape {
  /** Full names of its messages. */
  readonly input: string;
  readonly output: string;
  /** Whether a call changes anything: all but what its idempotency_level says has no side effects. */
  readonly writes: boolean;
  /** Whether a call that comes again changes nothing more, by its idempotency_level or its idempotency key. */
  readonly repeatable: boolean;
}

/** A field of a message. */
export interface FieldShape {
  readonly number: number;
  readonly name: string;
  /** How it travels, such as 'string', 'list of meridian.type.v1.Money' or 'map of string to int64'. */
  readonly type: string;
  /** The name of the choice that it is one of. */
  readonly oneof?: string;
  /** What options say of it that protobuf itself does not know, such as constraints: their wire form in base64. */
  readonly options: string;
}

/** A value of an enum. */
export interface EnumValueShape {
  readonly number: number;
  readonly name: string;
}

/** The contracts of a platform as plain JSON: what callers and consumers that are deployed hold it to. */
export interface ContractShapes {
  /** By the path of the method. */
  readonly methods: Readonly<Record<string, MethodShape>>;
  /** Every message that methods and events reach, by its full name; fields by number. */
  readonly messages: Readonly<Record<string, readonly FieldShape[]>>;
  /** Every enum that they reach. */
  readonly enums: Readonly<Record<string, readonly EnumValueShape[]>>;
  /** The messages of each topic's events, by its name. */
  readonly events: Readonly<Record<string, readonly string[]>>;
}

/** The contracts of declared services, and the events of their topics. */
export function contractShapes(services: readonly AnyService[]): ContractShapes {
  const methods = services.flatMap(({ contract }) => contract?.methods ?? []);
  const topics = services.flatMap(({ publishes, consumes }) => [...publishes, ...consumes]);
  const events = topics.flatMap((topic) => topic.events.filter(isDescriptor));
  const reached = new Reached();
  for (const { input, output } of methods) [input, output].forEach(reached.message);
  events.forEach(reached.message);
  return {
    methods: byName(methods.map((method) => [methodPath(method), methodShape(method)])),
    messages: byName(
      [...reached.messages.values()].map((message) => [
        message.typeName,
        message.fields.map(fieldShape).toSorted((one, other) => one.number - other.number),
      ]),
    ),
    enums: byName(
      [...reached.enums.values()].map(({ typeName, values }) => [
        typeName,
        values.map(({ number, name }) => ({ number, name })),
      ]),
    ),
    events: byName(
      topics.map((topic) => [topic.name, topic.events.map(({ typeName }) => typeName)]),
    ),
  };
}

/** Messages and enums as they are found, each once. */
class Reached {
  readonly messages = new Map<string, DescMessage>();
  readonly enums = new Map<string, DescEnum>();

  readonly message = (message: DescMessage): void => {
    if (this.messages.has(message.typeName)) return;
    this.messages.set(message.typeName, message);
    for (const field of message.fields) {
      const { message: reachedMessage, enum: reachedEnum } = field;
      if (reachedMessage !== undefined) this.message(reachedMessage);
      if (reachedEnum !== undefined) this.enums.set(reachedEnum.typeName, reachedEnum);
    }
  };
}

/** Topics name the messages of their events by what the generator makes of them. */
function isDescriptor(event: { readonly typeName: string }): event is DescMessage {
  return 'kind' in event && event.kind === 'message';
}

/** Field number of the `honours_idempotency_key` extension. Source: meridian/type/v1/method_options.proto. */
const HONOURS_KEY_EXTENSION_NUMBER = 50001;

function methodShape(method: DescMethod): MethodShape {
  const { idempotency, proto } = method;
  const key = proto.options?.$unknown?.findLast(({ no }) => no === HONOURS_KEY_EXTENSION_NUMBER);
  return {
    input: method.input.typeName,
    output: method.output.typeName,
    writes: idempotency !== Idempotency.NO_SIDE_EFFECTS,
    repeatable:
      idempotency !== Idempotency.IDEMPOTENCY_UNKNOWN ||
      (key !== undefined && new BinaryReader(key.data).bool()),
  };
}

function fieldShape(field: DescField): FieldShape {
  const unknown = field.proto.options?.$unknown ?? [];
  const options = unknown.map(({ no, data }) => `${no}:${Buffer.from(data).toString('base64')}`);
  return {
    number: field.number,
    name: field.name,
    type: typeOf(field),
    ...(field.oneof === undefined ? {} : { oneof: field.oneof.name }),
    options: options.toSorted(compareText).join(' '),
  };
}

function typeOf(field: DescField): string {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarName(field.scalar);
    case 'message':
      return field.message.typeName;
    case 'enum':
      return field.enum.typeName;
    case 'list':
      return `list of ${elementType(field)}`;
    case 'map':
      return `map of ${scalarName(field.mapKey)} to ${elementType(field)}`;
  }
}

function elementType(field: DescField & { readonly fieldKind: 'list' | 'map' }): string {
  return (
    field.message?.typeName ?? field.enum?.typeName ?? scalarName(field.scalar ?? ScalarType.BYTES)
  );
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

function byName<Value>(
  entries: readonly (readonly [string, Value])[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => compareText(one, other)));
}
