import { create, createFileRegistry } from '@bufbuild/protobuf';
import type { Message } from '@bufbuild/protobuf';
import type { MethodOptions } from '@bufbuild/protobuf/wkt';
import type { GenMessage, GenService } from '@bufbuild/protobuf/codegenv2';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { FileDescriptorSetSchema, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';

const HTTP_EXTENSION_NUMBER = 72295728;
const RAW_WEBHOOK_EXTENSION_NUMBER = 50002;
const WEBHOOK = 'webhook ';
const FIELD_BY_VERB: Readonly<Record<string, number>> = { GET: 2, PUT: 3, POST: 4, DELETE: 5 };

/** A contract as the generator would type it, with unary methods only. */
export type SampleContract<Name extends string> = GenService<
  Record<Name, { methodKind: 'unary'; input: GenMessage<Message>; output: GenMessage<Message> }>
>;

/**
 * A contract made in memory: methods by their name in TypeScript, each with its route such as
 * 'GET /v1/things', or '' without one; a route of webhooks begins with 'webhook '.
 */
export function sampleContract<const Methods extends Readonly<Record<string, string>>>(
  typeName: string,
  methods: Methods,
): SampleContract<keyof Methods & string> {
  const dot = typeName.lastIndexOf('.');
  const scope = typeName.slice(0, dot);
  const set = create(FileDescriptorSetSchema, {
    file: [
      {
        name: `${typeName}.proto`,
        package: scope,
        syntax: 'proto3',
        messageType: [{ name: 'Empty' }],
        service: [
          {
            name: typeName.slice(dot + 1),
            method: Object.entries(methods).map(([name, route]) => ({
              name: name.charAt(0).toUpperCase() + name.slice(1),
              inputType: `.${scope}.Empty`,
              outputType: `.${scope}.Empty`,
              options: methodOptions(route),
            })),
          },
        ],
      },
    ],
  });
  const service = createFileRegistry(set).getService(typeName);
  if (service === undefined) throw new Error(`No service ${typeName} in the sample`);
  return service as unknown as SampleContract<keyof Methods & string>;
}

/** The option in its wire form, as it stands in a generated descriptor. */
function methodOptions(route: string): MethodOptions {
  const options = create(MethodOptionsSchema);
  if (route === '') return options;
  const isWebhook = route.startsWith(WEBHOOK);
  const [verb = '', path = ''] = route.replace(WEBHOOK, '').split(' ');
  const rule = new BinaryWriter()
    .tag(FIELD_BY_VERB[verb] ?? 0, WireType.LengthDelimited)
    .string(path)
    .finish();
  const data = new BinaryWriter().bytes(rule).finish();
  const empty = new BinaryWriter().bytes(new Uint8Array()).finish();
  options.$unknown = [
    { no: HTTP_EXTENSION_NUMBER, wireType: WireType.LengthDelimited, data },
    ...(isWebhook
      ? [{ no: RAW_WEBHOOK_EXTENSION_NUMBER, wireType: WireType.LengthDelimited, data: empty }]
      : []),
  ];
  return options;
}
