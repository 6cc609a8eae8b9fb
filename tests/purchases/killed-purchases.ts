import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { Client } from '@meridian/kit/rpc/client-types.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { keptCode } from '@meridian/kit/testing/kept-code.ts';
import { readBooks } from '@meridian/orders/conservation/books.ts';
import { checkConservation } from '@meridian/orders/conservation/check.ts';
import type { Findings } from '@meridian/orders/conservation/check.ts';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { PaymentsService } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import { CallLine, clientOver, servedBy } from './call-line.ts';
import type { Call } from './call-line.ts';
import { clientOf } from './in-process.ts';
import type { CallBy } from './in-process.ts';
import { KILL_POINT_VARIABLE, kindAndMoment } from './kill-point.ts';
import type { KillPoint } from './kill-point.ts';
import { PurchasesUnderTest } from './purchases-under-test.ts';

interface Running {
  readonly child: ChildProcess;
  readonly line: CallLine;
  readonly exited: Promise<unknown>;
}

/**
 * Purchases whose orders are a process of its own, which dies at chosen points and is started again;
 * catalog, payments and the provider's stand-in stay. What it asks of them, it asks over a channel.
 */
export class KilledPurchases {
  readonly purchases: PurchasesUnderTest;
  /** Is asked before each call of a saga; may throw. */
  before: (method: string) => void = () => undefined;
  /** Points at which orders died, in this order. */
  readonly died: string[] = [];
  readonly #folder: string;
  #points: readonly KillPoint[] = [];
  #running: Running;
  #output = '';
  #stopping = false;

  private constructor(purchases: PurchasesUnderTest, folder: string) {
    this.purchases = purchases;
    this.#folder = folder;
    this.#running = this.#start();
  }

  static async start(): Promise<KilledPurchases> {
    const purchases = await PurchasesUnderTest.start();
    return new KilledPurchases(purchases, await purchases.payments.world.prepare('orders'));
  }

  /** Has a process of orders die at each of these points in turn, and be started again. */
  async dieAt(points: readonly KillPoint[]): Promise<void> {
    this.died.length = 0;
    this.#points = points;
    if (points.length === 0) return;
    // One that knows of the first.
    const { child, exited } = this.#running;
    child.kill('SIGKILL');
    await exited;
  }

  /** Waits until a process has died at each of the points; the last may be reached after its order ended. */
  async allDied(): Promise<void> {
    await this.eventually(() => {
      const missing = this.#points.map(kindAndMoment).join(', ');
      return missing === ''
        ? Promise.resolve()
        : Promise.reject(new Error(`orders did not die at ${missing}`));
    });
  }

  /** A client of whichever process of orders there is. */
  orders(by: CallBy = {}): Client<typeof OrdersService> {
    return clientOver(OrdersService, { ask: (call) => this.#running.line.ask(call) }, by);
  }

  /** Asks until there is an answer, as a client does under its idempotency key. */
  async persist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      // By the time of the answer another may run, which does not end: its exit is told before its channel's.
      const { exited } = this.#running;
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof RpcError) || error.status !== 'UNAVAILABLE') throw error;
        await exited;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /** The findings of `meridian check`. */
  async check(): Promise<Findings> {
    const { catalog, payments } = this.purchases;
    const clients = {
      catalog: clientOf(CatalogService, catalog),
      payments: clientOf(PaymentsService, payments.replica.handlers),
      orders: this.orders(),
    };
    const { signal } = new AbortController();
    return checkConservation(
      () => this.persist(() => readBooks(clients, { signal })),
      () => new Promise((resolve) => setTimeout(resolve, 50)),
    );
  }

  /** What a condition gives once it holds; else with what orders printed. */
  async eventually<T>(condition: () => Promise<T>): Promise<T> {
    try {
      return await eventually(condition, 20_000);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#output}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const { child, exited } = this.#running;
    child.kill('SIGKILL');
    await exited;
    await this.purchases.stop();
  }

  #start(): Running {
    const [point] = this.#points;
    const child = spawn(
      process.execPath,
      ['--tls-min-v1.3', fileURLToPath(new URL('orders-main.ts', import.meta.url))],
      {
        cwd: this.#folder,
        env: {
          ...keptCode(),
          SERVICE_BINDING_ROOT: join(this.#folder, 'bindings'),
          MERIDIAN_SERVICE_FILE: join(this.#folder, 'config/service.json'),
          ...(point === undefined ? {} : { [KILL_POINT_VARIABLE]: kindAndMoment(point) }),
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        serialization: 'advanced',
      },
    );
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk));
    const line = new CallLine(child, (call) => this.#serve(call));
    const exited = once(child, 'exit').then(() => {
      if (this.#stopping) return;
      if (point !== undefined) {
        this.died.push(kindAndMoment(point));
        this.#points = this.#points.slice(1);
      }
      this.#running = this.#start();
    });
    return { child, line, exited };
  }

  async #serve(call: Call): Promise<Uint8Array> {
    this.before(call.method);
    const { catalog, payments } = this.purchases;
    return call.service === CatalogService.typeName
      ? servedBy(CatalogService, catalog)(call)
      : servedBy(PaymentsService, payments.replica.handlers)(call);
  }
}
