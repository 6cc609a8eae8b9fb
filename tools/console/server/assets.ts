import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the page, as it is sent. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
  /** Of its content. */
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page, of which every view has an address of its own. */
export const PAGE = 'index.html';

/** All files of the page by name, read once. Throws the file system's error. */
export function readAssets(folder: string): ReadonlyMap<string, Asset> {
  return new Map(
    readdirSync(folder)
      .filter((name) => TYPES[path.extname(name)] !== undefined)
      .map((name) => {
        const body = readFileSync(path.join(folder, name));
        const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
        const type = TYPES[path.extname(name)] ?? '';
        return [name, { type, body, gzipped: gzipSync(body, { level: 9 }), etag }];
      }),
  );
}
