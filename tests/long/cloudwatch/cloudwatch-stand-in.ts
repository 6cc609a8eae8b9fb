import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { cbor, dateToTag } from '@smithy/core/cbor';

/** Dimensions of one series of CloudWatch, by name. */
export type Dimensions = Readonly<Record<string, string>>;

/** What the account has: series of a metric by '<namespace> <metric>', and what each says; a series without a value has said nothing. */
export type Account = Readonly<
  Record<string, readonly { readonly of: Dimensions; readonly value?: number }[]>
>;

/** A question about values, as it was asked. */
export interface AskedValue {
  readonly metric: string;
  readonly statistic: string;
  readonly period: number;
  /** Seconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** What has been asked so far. */
export interface CloudWatchStandIn extends AsyncDisposable {
  readonly url: string;
  /** Operations, in the order in which they came. */
  readonly operations: readonly string[];
  readonly values: readonly AskedValue[];
  /** From now on nobody may anything, as where a right was taken away. */
  readonly refuse: () => void;
}

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Stat: string;
    readonly Period: number;
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/exporter/pod</Arn><UserId>exporter</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const pairs = (of: Dimensions) =>
  Object.entries(of).map(([name, value]) => ({ Name: name, Value: value }));

/** STS and CloudWatch as AWS's SDK for Go asks them: the one by forms, the other by Smithy's RPC v2 in CBOR. */
export async function cloudWatchStandIn(account: Account): Promise<CloudWatchStandIn> {
  const operations: string[] = [];
  const values: AskedValue[] = [];
  let isRefusing = false;
  const listed = ({ Namespace: namespace, MetricName: metric }: Record<string, string>) => ({
    Metrics: (account[`${namespace} ${metric}`] ?? []).map(({ of }) => ({
      ...{ Namespace: namespace, MetricName: metric },
      Dimensions: pairs(of),
    })),
  });
  const told = ({ StartTime, EndTime, MetricDataQueries }: Record<string, unknown>) => {
    const [from, until] = [StartTime, EndTime].map(secondsOf);
    return {
      MetricDataResults: (MetricDataQueries as readonly Query[]).map(({ Id, MetricStat }) => {
        const { Metric, Stat: statistic, Period: period } = MetricStat;
        const metric = `${Metric.Namespace} ${Metric.MetricName}`;
        values.push({ metric, statistic, period, from: from ?? 0, until: until ?? 0 });
        const same = JSON.stringify(Metric.Dimensions);
        const series = account[metric]?.find(({ of }) => JSON.stringify(pairs(of)) === same);
        const known = series?.value === undefined ? [] : [series.value];
        return {
          ...{ Id, StatusCode: 'Complete', Values: known },
          Timestamps: known.map(() => dateToTag(new Date((until ?? 0) * 1_000 - 300_000))),
        };
      }),
    };
  };
  const answer = (operation: string, body: Buffer): unknown => {
    const given = cbor.deserialize(body) as Record<string, never>;
    return operation === 'ListMetrics' ? listed(given) : told(given);
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const [, operation] = /\/operation\/(\w+)$/.exec(request.url ?? '') ?? [];
      const asked = operation ?? new URLSearchParams(body.toString()).get('Action') ?? 'unknown';
      operations.push(asked);
      if (asked === 'GetCallerIdentity') {
        send(response, 200, 'text/xml', IDENTITY);
        return;
      }
      if (isRefusing || !['GetMetricData', 'ListMetrics'].includes(asked)) {
        const refusal = { __type: 'AccessDeniedException', message: 'not authorized' };
        send(response, 403, 'application/cbor', cbor.serialize(refusal));
        return;
      }
      send(response, 200, 'application/cbor', cbor.serialize(answer(asked, body)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    operations,
    values,
    refuse: () => {
      isRefusing = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A moment in CBOR is tag 1 with seconds. */
function secondsOf(moment: unknown): number {
  if (moment instanceof Date) return moment.getTime() / 1_000;
  return Number((moment as { readonly value?: unknown }).value ?? moment);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array) {
  response.writeHead(status, { 'content-type': type, 'smithy-protocol': 'rpc-v2-cbor' });
  response.end(body);
}
