import { clone, createFileRegistry } from '@bufbuild/protobuf';
import type { DescFile, DescService } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { DescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { create } from '@bufbuild/protobuf';

/** Field number of the `http` extension of MethodOptions. Source: google/api/annotations.proto. */
const HTTP_EXTENSION_NUMBER = 72295728;

/** Field numbers of HttpRule by what they hold. Source: google/api/http.proto. */
const PATHS = { first: 2, last: 6 } as const;
const ADDITIONAL_BINDINGS = 11;

/** The same contract in a package of its own, with routes of its own: 'meridian.catalog3.v1', '/copy3/v1/products'. */
export function copiedContract(contract: DescService, copy: number): DescService {
  const { file } = contract;
  const own = file.proto.package;
  const renamed = own.replace(/\.(v\d+)$/, `${copy}.$1`);
  const files = [...dependencies(file), file.proto];
  const copied = files.map((one) =>
    one.package === own ? copiedFile(one, own, renamed, copy) : one,
  );
  const set = create(FileDescriptorSetSchema, { file: copied });
  const found = createFileRegistry(set).getService(contract.typeName.replace(own, renamed));
  if (found === undefined) throw new Error(`no copy of ${contract.typeName}`);
  return found;
}

function dependencies(file: DescFile, known = new Set<string>()): readonly FileDescriptorProto[] {
  return file.dependencies.flatMap((one) => {
    if (known.has(one.name)) return [];
    known.add(one.name);
    return [...dependencies(one, known), one.proto];
  });
}

function copiedFile(
  given: FileDescriptorProto,
  own: string,
  renamed: string,
  copy: number,
): FileDescriptorProto {
  const file = clone(FileDescriptorProtoSchema, given);
  const named = (type: string): string =>
    type.startsWith(`.${own}.`) ? type.replace(own, renamed) : type;
  // A package has a folder of its own.
  const folder = `${own.replaceAll('.', '/')}/`;
  const placed = (name: string): string =>
    name.startsWith(folder) ? name.replace(folder, `${renamed.replaceAll('.', '/')}/`) : name;
  file.name = placed(given.name);
  file.dependency = given.dependency.map(placed);
  file.package = renamed;
  for (const message of file.messageType) renameFields(message, named);
  for (const { method } of file.service) {
    for (const one of method) {
      one.inputType = named(one.inputType);
      one.outputType = named(one.outputType);
      const options = one.options?.$unknown ?? [];
      if (one.options === undefined) continue;
      one.options.$unknown = options.map((field) =>
        field.no === HTTP_EXTENSION_NUMBER
          ? {
              ...field,
              data: lengthDelimited(
                withPrefix(new BinaryReader(field.data).bytes(), `/copy${copy}`),
              ),
            }
          : field,
      );
    }
  }
  return file;
}

function renameFields(message: DescriptorProto, named: (type: string) => string): void {
  for (const field of message.field) field.typeName = named(field.typeName);
  for (const nested of message.nestedType) renameFields(nested, named);
}

function lengthDelimited(bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().bytes(bytes).finish();
}

/** An HttpRule whose paths begin with a prefix. */
function withPrefix(rule: Uint8Array, prefix: string): Uint8Array {
  const reader = new BinaryReader(rule);
  const writer = new BinaryWriter();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type !== WireType.LengthDelimited) {
      writer.tag(field, type).raw(reader.skip(type, field));
      continue;
    }
    const value = reader.bytes();
    writer.tag(field, type);
    if (field === ADDITIONAL_BINDINGS) writer.bytes(withPrefix(value, prefix));
    else if (field >= PATHS.first && field <= PATHS.last)
      writer.string(prefix + new TextDecoder().decode(value));
    else writer.bytes(value);
  }
  return writer.finish();
}
