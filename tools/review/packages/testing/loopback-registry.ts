import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A registry of packages on the loopback interface, as npm asks one. */
export class LoopbackRegistry implements Disposable {
  readonly #server: Server;
  readonly #served = new Map<string, Buffer | string>();
  /** Paths that were asked for. */
  readonly asked: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const name = decodeURIComponent(request.url ?? '');
      this.asked.push(name);
      const found = this.#served.get(name);
      response.writeHead(found === undefined ? 404 : 200).end(found);
    });
  }

  static async start(): Promise<LoopbackRegistry> {
    const registry = new LoopbackRegistry();
    await new Promise<void>((resolve) => {
      registry.#server.listen(0, '127.0.0.1', resolve);
    });
    return registry;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Publishes version 1.0.0 of a package with these files; gives its integrity. */
  publish(name: string, files: Readonly<Record<string, string>>): string {
    const root = mkdtempSync(path.join(tmpdir(), 'meridian-package-'));
    try {
      mkdirSync(path.join(root, 'package'));
      for (const [file, text] of Object.entries(files)) {
        writeFileSync(path.join(root, 'package', file), text);
      }
      const archive = execFileSync('tar', ['-cz', '-C', root, 'package']);
      const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
      const tarball = `/${name}/-/${name}-1.0.0.tgz`;
      const dist = { tarball: new URL(tarball, this.address).href, integrity };
      const version = { ...(JSON.parse(files['package.json'] ?? '{}') as object), dist };
      this.#served.set(tarball, archive);
      this.#served.set(
        `/${name}`,
        JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }),
      );
      return integrity;
    } finally {
      rmSync(root, { recursive: true });
    }
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
