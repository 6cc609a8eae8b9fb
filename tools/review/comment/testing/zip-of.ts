import { crc32, deflateRawSync } from 'node:zlib';

/** What is said of a file in an archive, where it is not what is true. */
export interface Lies {
  /** Bytes that it is said to unpack to. */
  readonly size?: number;
}

/** An archive of files, deflated, as upload-artifact makes one (APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16). */
export function zipOf(
  files: readonly (readonly [name: string, content: string | Buffer])[],
  lies: Lies = {},
): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(crc32(data), 0);
    sums.writeUInt32LE(packed.length, 4);
    sums.writeUInt32LE(lies.size ?? data.length, 8);
    const nameBytes = Buffer.from(name);
    const lengths = uint16(nameBytes.length, 0);
    // Version 2.0, flag 11 for UTF-8, method 8, a time and a date of MS-DOS.
    const common = Buffer.concat([uint16(20, 0x0800, 8, 0, 0x21), sums, lengths]);
    const local = Buffer.concat([uint32(0x04034b50), common, nameBytes, packed]);
    locals.push(local);
    central.push(
      Buffer.concat([
        ...[uint32(0x02014b50), uint16(20), common, uint16(0, 0, 0), uint32(0, offset), nameBytes],
      ]),
    );
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([
    ...[...locals, directory, uint32(0x06054b50), uint16(0, 0, files.length, files.length)],
    ...[uint32(directory.length, offset), uint16(0)],
  ]);
}

function uint16(...values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(2);
      bytes.writeUInt16LE(value);
      return bytes;
    }),
  );
}

function uint32(...values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    }),
  );
}
