import { Alertmanager } from './alertmanager.ts';
import { Jaeger } from './jaeger.ts';
import { Prometheus } from './prometheus.ts';
import { StoreConnection, type StoreAddress, type StoreName } from './store-connection.ts';
import { VictoriaLogs } from './victorialogs.ts';

/** Where each store is reached. */
export type StoreAddresses = Readonly<Record<StoreName, Omit<StoreAddress, 'store'>>>;

/** What is known of the platform from outside of it: metrics, alerts, logs and traces. */
export class Stores implements AsyncDisposable {
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly victorialogs: VictoriaLogs;
  readonly jaeger: Jaeger;
  readonly #connections: readonly StoreConnection[];

  constructor(addresses: StoreAddresses) {
    const connect = (store: StoreName): StoreConnection =>
      new StoreConnection({ store, ...addresses[store] });
    const [metrics, alerts] = [connect('prometheus'), connect('alertmanager')];
    const [logs, traces] = [connect('victorialogs'), connect('jaeger')];
    this.#connections = [metrics, alerts, logs, traces];
    this.prometheus = new Prometheus(metrics);
    this.alertmanager = new Alertmanager(alerts);
    this.victorialogs = new VictoriaLogs(logs);
    this.jaeger = new Jaeger(traces);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection[Symbol.asyncDispose]()));
  }
}
