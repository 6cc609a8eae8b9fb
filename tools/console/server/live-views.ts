import type { ServerResponse } from 'node:http';

/** A page that nobody looks at is closed by its browser; more than these are a mistake or an attack. */
const WATCHERS_MAX = 20;

/** Sends a view to every page that is open, again and again (server-sent events). Source: HTML, "Server-sent events". */
export class LiveView {
  readonly #name: string;
  readonly #make: () => Promise<unknown>;
  readonly #everyMs: number;
  readonly #watchers = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string, make: () => Promise<unknown>, everyMs: number) {
    this.#name = name;
    this.#make = make;
    this.#everyMs = everyMs;
  }

  /** Goes on with a response until its page is closed. */
  add(response: ServerResponse): void {
    if (this.#watchers.size >= WATCHERS_MAX) {
      response.writeHead(503, { 'retry-after': '10' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 2000\n\n');
    this.#watchers.add(response);
    response.on('close', () => {
      this.#watchers.delete(response);
      // While nobody looks, no store is asked.
      if (this.#watchers.size === 0) this.#pause();
    });
    if (this.#timer === undefined) this.#next(0);
  }

  close(): void {
    this.#pause();
    for (const watcher of this.#watchers) watcher.end();
    this.#watchers.clear();
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(afterMs: number): void {
    this.#timer = setTimeout(() => {
      void this.#send().finally(() => {
        if (this.#watchers.size > 0) this.#next(this.#everyMs);
        else this.#pause();
      });
    }, afterMs);
  }

  async #send(): Promise<void> {
    const event = await this.#made();
    for (const watcher of this.#watchers) {
      // A page that does not read gets the next one instead of a queue of old ones.
      if (watcher.writableLength === 0) watcher.write(event);
    }
  }

  /** JSON has no newlines of its own, so that it is one line of data. */
  async #made(): Promise<string> {
    try {
      return `event: ${this.#name}\ndata: ${JSON.stringify(await this.#make())}\n\n`;
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      return `event: trouble\ndata: ${JSON.stringify({ reason })}\n\n`;
    }
  }
}
